"""FlaskBB (PyPI) on SQLite under gunicorn, with 50 posts a page."""

from bench import corpus
from bench.adapters import base
from bench.adapters.base import FORM, GZIP, Request

CONFIG = """
from flaskbb.configs.default import DefaultConfig
DEBUG = False
TESTING = False
TRUSTED_HOSTS = ["127.0.0.1"]
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/flaskbb.sqlite"
SECRET_KEY = "bench-secret-key"
WTF_CSRF_SECRET_KEY = "bench-csrf-key"
USE_DEFAULT_LOGGING = False
LOG_PATH = "{folder}"
RATELIMIT_STORAGE_URI = "memory://"
CACHE_TYPE = "SimpleCache"
"""
PASSWORD = "bench-Pass-1234"
PAGE, TARGET = "/topic/1001-measured-thread", "/topic/1002-posting-target"


class FlaskBB(base.Adapter):
    name = version_of = "flaskbb"
    packages = ("flaskbb>=3.0.0rc5", "gunicorn")  # 2.2.0 misses a name and does not start
    python_needed = (3, 12)

    def fill(self, folder):
        config = folder / "flaskbb.cfg"
        config.write_text(CONFIG.format(folder=folder))
        admin = ("-u", "admin", "-e", "admin@example.org", "-p", PASSWORD)
        self.sh(self.venv / "bin" / "flaskbb", "--config", config, "install", "-f", *admin, cwd=folder)
        self.sh(self.python, "-m", "bench.adapters.fill_flaskbb", config, PASSWORD, cwd=folder)

    def start(self, folder):
        port = base.free_port()
        command = self.gunicorn(f"flaskbb:create_app('{folder / 'flaskbb.cfg'}')", port)
        return self.launch(folder, port, command, ready=PAGE)

    def requests(self, run):
        _, head, page = run.get("/auth/login")
        jar = base.cookies(head)
        fields = {"csrf_token": base.hidden(page.decode(), "csrf_token"), "submit": "Login"}
        fields |= {"login": corpus.users()[0], "password": PASSWORD}
        _, head, _ = run.get("/auth/login", GZIP | FORM | base.cookie_header(jar), "POST", base.form(fields))
        jar = base.cookies(head, jar)
        _, head, page = run.get(TARGET, GZIP | base.cookie_header(jar))
        token = base.hidden(page.decode(), "csrf_token")
        signed = GZIP | base.cookie_header(base.cookies(head, jar))

        def said(n):
            return base.form({"csrf_token": token, "content": corpus.post(n), "submit": "Reply"})

        return {
            "page": Request(PAGE, shown=50),
            "page, member": Request(PAGE, headers=signed, shown=50),
            "post": Request(TARGET, "POST", signed | FORM, said, 1, (302,)),
            "list": Request("/forum/1", shown=10),
        }
