"""Spirit (PyPI, Django) on SQLite under gunicorn, with 50 comments a page."""

from bench import corpus
from bench.adapters import base
from bench.adapters.base import FORM, GZIP, Request

SETTINGS = """
from benchforum.settings.prod import *
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {{"default": {database}}}
ST_SITE_URL = "http://127.0.0.1/"
ST_RATELIMIT_ENABLE = False  # one person posts in a loop
HAYSTACK_CONNECTIONS = {{"default": {{"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}}}
"""
PASSWORD = "bench-Pass-1234"
PAGE = "/topic/1/measured-thread/"
KNOWN = {"DJANGO_SETTINGS_MODULE": "benchsettings"}


class Spirit(base.Adapter):
    name = "spirit"
    version_of = "django-spirit"
    packages = ("django-spirit", "gunicorn")

    def fill(self, folder):
        self.sh(self.venv / "bin" / "spirit", "startproject", "benchforum", "--path", folder, cwd=folder)
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "db.sqlite3")}
        (folder / "benchsettings.py").write_text(SETTINGS.format(database=database))
        self.sh(self.python, "manage.py", "spiritinstall", cwd=folder, env=KNOWN)
        self.sh(self.python, "-m", "bench.adapters.fill_spirit", PASSWORD, cwd=folder, env=KNOWN)

    def start(self, folder):
        port = base.free_port()
        return self.launch(folder, port, self.gunicorn("benchforum.wsgi", port), PAGE, KNOWN)

    def requests(self, run):
        _, head, page = run.get("/user/login/")
        jar = base.cookies(head)
        fields = {"csrfmiddlewaretoken": base.hidden(page.decode(), "csrfmiddlewaretoken"), "password": PASSWORD}
        sent = GZIP | FORM | base.cookie_header(jar)
        _, head, _ = run.get("/user/login/", sent, "POST", base.form(fields | {"username": corpus.users()[0]}))
        signed = GZIP | base.cookie_header(base.cookies(head, jar))
        _, _, page = run.get("/comment/2/publish/", signed)
        token = base.hidden(page.decode(), "csrfmiddlewaretoken")

        def said(n):
            return base.form({"csrfmiddlewaretoken": token, "comment": corpus.post(n)})

        return {
            "page": Request(PAGE, shown=50),
            "page, member": Request(PAGE, headers=signed, shown=50),
            "post": Request("/comment/2/publish/", "POST", signed | FORM, said, 1, (302,)),
            "list": Request("/", shown=20),
        }
