"""What may be done to a person, and what two leads decide together. Ids and codes in one row, words in another."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Role, User
from forum.db import Base, choices, now, only_where
from forum.debates.models import Byline, DebateName
from forum.moderation.models import Decision

MODERATOR_DAYS = 7  # the longest suspension of a moderator; a longer one is a lead's
SUSPENSION_DAYS = 365
BAN_DAYS = 3650
# What the desk does about somebody under one name must not show under another one: each name stands by itself.
OWN, OTHER = "debate_name_id IS NULL", "debate_name_id IS NOT NULL"
UNREAD = "kind = 'warning' AND read_at IS NULL AND ended_at IS NULL"


class SanctionKind(StrEnum):
    """What a sanction keeps from a person."""

    WARNING = "warning"  # the next reply, until it was read
    SUSPENSION = "suspension"  # writing, until a date
    BAN = "ban"  # writing, until a date or for good; two leads decide


class ProposalKind(StrEnum):
    """What one lead proposes and a second one confirms."""

    BAN = "ban"
    ROLE = "role"
    PURGE = "purge"  # every word of the person is erased; what follows is the work of a room above
    EXPORT = "export"  # who proposed it reads all that the person has written; the same


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    CARRIED_OUT = "carried_out"
    DECLINED = "declined"  # by another lead
    TAKEN_BACK = "taken_back"  # by the one who made it


class SanctionAppealOutcome(StrEnum):
    """How an appeal against a sanction ended: by somebody who had no part in it, or with the sanction itself."""

    DECISION_STANDS = "decision_stands"
    DECISION_REVERSED = "decision_reversed"
    SANCTION_ENDED = "sanction_ended"  # staff ended it meanwhile: nothing is left to decide


class Grounds(Base):
    """Words that explain a sanction, or its early end, apart from it."""

    __tablename__ = "grounds"

    text: Mapped[str] = mapped_column(Text)


class Proposal(Base):
    """What one lead wants done with a person; carried out once a second one has confirmed it.

    Where nobody else leads the forum, the proposer confirms alone from `alone_from` on: `confirmed_by_id`
    stays empty and `one_lead_decided` says so.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("proposed_by_id <> user_id", name="proposer_is_not_concerned"),
        CheckConstraint("confirmed_by_id <> user_id", name="second_lead_is_not_concerned"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="second_lead_is_another"),
        CheckConstraint("closed_by_id <> user_id", name="closer_is_not_concerned"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_at_its_end"),
        CheckConstraint("(status = 'open') = (closed_by_id IS NULL)", name="closed_by_somebody"),
        CheckConstraint(
            "(status = 'carried_out' AND (confirmed_by_id IS NOT NULL) <> one_lead_decided)"
            " OR (status <> 'carried_out' AND confirmed_by_id IS NULL AND NOT one_lead_decided)",
            name="two_leads_or_one_who_waited",
        ),
        CheckConstraint("closed_at >= alone_from OR NOT one_lead_decided", name="one_lead_waits"),
        CheckConstraint("(kind = 'role') = (role IS NOT NULL)", name="role_is_named"),
        CheckConstraint("(kind = 'ban') = (rule IS NOT NULL)", name="ban_has_rule"),
        CheckConstraint(f"days IS NULL OR (kind = 'ban' AND days BETWEEN 1 AND {BAN_DAYS})", name="days_of_ban"),
        UniqueConstraint("id", "user_id"),
        Index("uq_proposals_one_open", "user_id", "kind", unique=True, **only_where(f"status = 'open' AND {OWN}")),
        Index(
            "uq_proposals_one_open_of_name",
            "debate_name_id",
            "kind",
            unique=True,
            **only_where(f"status = 'open' AND {OTHER}"),
        ),
        CheckConstraint(f"kind = 'ban' OR {OWN}", name="only_bans_of_names"),
    )

    kind: Mapped[ProposalKind] = mapped_column(choices(ProposalKind))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    status: Mapped[ProposalStatus] = mapped_column(choices(ProposalStatus), default=ProposalStatus.OPEN)
    one_lead_decided: Mapped[bool] = mapped_column(default=False)
    alone_from: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    role: Mapped[Role | None] = mapped_column(choices(Role))
    rule: Mapped[str | None] = mapped_column(String(40))
    days: Mapped[int | None]  # of a ban; None: without end
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    grounds_id: Mapped[int] = mapped_column(ForeignKey("grounds.id"), unique=True)
    # Under which it was looked at; None: the own one.
    debate_name_id: Mapped[int | None] = mapped_column(ForeignKey("debate_names.id"), index=True)

    user: Mapped[User] = relationship(foreign_keys=user_id)
    debate_name: Mapped[DebateName | None] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=confirmed_by_id)
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)
    grounds: Mapped[Grounds] = relationship()

    @property
    def byline(self) -> Byline:
        """Under which name the person is known here."""
        return Byline(self.user, self.debate_name)


class Sanction(Base):
    """A restriction on a person, from `created_at` on, with the rule and the words that explain it."""

    __tablename__ = "sanctions"
    __table_args__ = (
        ForeignKeyConstraint(["proposal_id", "user_id"], ["proposals.id", "proposals.user_id"]),
        CheckConstraint("moderator_id <> user_id", name="nobody_sanctions_themselves"),
        CheckConstraint("moderator_role <> 'member'", name="staff_decide"),
        CheckConstraint(
            f"moderator_role = 'lead' OR (kind <> 'ban' AND (days IS NULL OR days <= {MODERATOR_DAYS}))",
            name="long_ones_are_a_leads",
        ),
        CheckConstraint("(kind = 'ban') = (proposal_id IS NOT NULL)", name="two_leads_ban"),
        CheckConstraint(
            "(kind = 'warning' AND days IS NULL)"
            f" OR (kind = 'suspension' AND days IS NOT NULL AND days BETWEEN 1 AND {SUSPENSION_DAYS})"
            f" OR (kind = 'ban' AND (days IS NULL OR days BETWEEN 1 AND {BAN_DAYS}))",
            name="days_of_kind",
        ),
        CheckConstraint("read_at IS NULL OR kind = 'warning'", name="warnings_are_read"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        CheckConstraint("(ended_at IS NULL) = (ending_id IS NULL)", name="ended_with_a_reason"),
        CheckConstraint("ended_by_id <> user_id", name="nobody_frees_themselves"),
        UniqueConstraint("id", "moderator_id"),
        UniqueConstraint("id", "user_id"),
        Index(
            "uq_sanctions_one_unread",
            "user_id",
            unique=True,
            **only_where(f"{UNREAD} AND {OWN}"),
        ),
        Index(
            "uq_sanctions_one_unread_of_name",
            "debate_name_id",
            unique=True,
            **only_where(f"{UNREAD} AND {OTHER}"),
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[SanctionKind] = mapped_column(choices(SanctionKind))
    rule: Mapped[str] = mapped_column(String(40))
    days: Mapped[int | None]  # None: a warning, or a ban without end
    moderator_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    moderator_role: Mapped[Role] = mapped_column(choices(Role))  # when it was made
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(unique=True)
    grounds_id: Mapped[int] = mapped_column(ForeignKey("grounds.id"), unique=True)
    read_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # before its date, by a person
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    ending_id: Mapped[int | None] = mapped_column(ForeignKey("grounds.id"), unique=True)
    # Under which it was made; None: the own one.
    debate_name_id: Mapped[int | None] = mapped_column(ForeignKey("debate_names.id"), index=True)

    debate_name: Mapped[DebateName | None] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    moderator: Mapped[User] = relationship(foreign_keys=moderator_id)
    ended_by: Mapped[User | None] = relationship(foreign_keys=ended_by_id)
    decision: Mapped[Decision | None] = relationship()
    proposal: Mapped[Proposal | None] = relationship(
        primaryjoin=proposal_id == Proposal.id, foreign_keys=proposal_id, viewonly=True
    )
    grounds: Mapped[Grounds] = relationship(foreign_keys=grounds_id)
    ending: Mapped[Grounds | None] = relationship(foreign_keys=ending_id)
    appeal: Mapped["SanctionAppeal | None"] = relationship(
        primaryjoin="Sanction.id == foreign(SanctionAppeal.sanction_id)", viewonly=True, uselist=False
    )

    @property
    def byline(self) -> Byline:
        """Under which name the desk knows the person whom it restricts."""
        return Byline(self.user, self.debate_name)

    @property
    def ends_at(self) -> datetime | None:
        """When it ends by itself; None: a warning, or a ban without end."""
        return self.created_at + timedelta(days=self.days) if self.days else None

    @property
    def is_current(self) -> bool:
        """Whether it restricts the person now."""
        if self.ended_at or self.read_at:
            return False
        return self.ends_at is None or self.ends_at > now()


class SanctionAppeal(Base):
    """A person's appeal against one sanction, decided by somebody who had no part in it.

    Keys of two columns tie it to who made the sanction and to whom it restricts, so that the database
    can refuse both as its judge; of a ban `second_lead_id` is the lead who confirmed it. Triggers
    (migration 0005) refuse whoever else had a part, and keep the row, these columns and its outcome.
    """

    __tablename__ = "sanction_appeals"
    __table_args__ = (
        ForeignKeyConstraint(["sanction_id", "first_moderator_id"], ["sanctions.id", "sanctions.moderator_id"]),
        ForeignKeyConstraint(["sanction_id", "user_id"], ["sanctions.id", "sanctions.user_id"]),
        UniqueConstraint("sanction_id"),
        CheckConstraint("decided_by_id <> first_moderator_id", name="not_by_the_first"),
        CheckConstraint("decided_by_id <> second_lead_id", name="not_by_the_second_lead"),
        CheckConstraint("decided_by_id <> user_id", name="not_by_the_person"),
        CheckConstraint(
            "(decided_by_id IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'sanction_ended')",
            name="judged_by_somebody",
        ),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="ended_at_some_time"),
        CheckConstraint("(decided_by_id IS NULL) = (reasons_id IS NULL)", name="judged_with_reasons"),
        Index("ix_sanction_appeals_open", "id", **only_where("outcome IS NULL")),
    )

    sanction_id: Mapped[int]
    user_id: Mapped[int]
    first_moderator_id: Mapped[int]
    second_lead_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    words_id: Mapped[int] = mapped_column(ForeignKey("grounds.id"), unique=True)
    outcome: Mapped[SanctionAppealOutcome | None] = mapped_column(choices(SanctionAppealOutcome))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reasons_id: Mapped[int | None] = mapped_column(ForeignKey("grounds.id"), unique=True)

    sanction: Mapped[Sanction] = relationship(
        primaryjoin="foreign(SanctionAppeal.sanction_id) == Sanction.id", viewonly=True
    )
    words: Mapped[Grounds] = relationship(foreign_keys=words_id)
    reasons: Mapped[Grounds | None] = relationship(foreign_keys=reasons_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody who had no part in the sanction."""
        return self.outcome is None

    @property
    def is_judged(self) -> bool:
        """Whether somebody has decided it."""
        return self.decided_by_id is not None

    @property
    def parties(self) -> set[int]:
        """The numbers of those who are told how it ended: who made the sanction, who confirmed it, the person."""
        return {number for number in (self.first_moderator_id, self.second_lead_id, self.user_id) if number}


class PersonNote(Base):
    """What a moderator remarks about a person, for colleagues only."""

    __tablename__ = "person_notes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    debate_name_id: Mapped[int | None] = mapped_column(ForeignKey("debate_names.id"), index=True)

    debate_name: Mapped[DebateName | None] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    author: Mapped[User] = relationship(foreign_keys=author_id)

    @property
    def byline(self) -> Byline:
        """Under which name the person is known who is remarked about."""
        return Byline(self.user, self.debate_name)
