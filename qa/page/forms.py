"""The two small pages of signing in and out: no script, and nothing of the collection."""

from __future__ import annotations

from qa.page.markup import escape

LOGIN, LOGOUT = "/login", "/logout"
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 ui-sans-serif,system-ui,sans-serif;max-width:20rem;margin:15vh auto;padding:0 1rem;"
    "background:light-dark(#faf8f3,#171614);color:light-dark(#1d1b18,#ece7dd)}"
    "h1{font:700 1.9rem/1.1 Palatino,Georgia,serif}a{color:light-dark(#8b1a1a,#f2a58f)}"
    "label{display:block;margin:.8rem 0}"
    "input,button{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin-top:.2rem}"
    "input{border:1px solid light-dark(#8c8373,#837b6e);border-radius:.25rem}"
    "button{background:light-dark(#8b1a1a,#f2a58f);color:light-dark(#fff,#1d1b18);border:0;border-radius:.25rem;"
    "font-weight:600}"
    "p[role=alert]{border-left:4px solid #b3261e;padding-left:.6rem}"
)


def sign_in_page(problem: str = "") -> str:
    """The form that asks for name and password.

    Args:
        problem: why the last attempt failed; empty before the first.
    """
    alert = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    return _page(
        "Sign in",
        f'{alert}<form method="post" action="{LOGIN}">'
        '<label>Name<input name="username" autocomplete="username" autocapitalize="none" required autofocus></label>'
        '<label>Password<input name="password" type="password" autocomplete="current-password" required></label>'
        "<button>Sign in</button></form>",
    )


def sign_out_page(name: str) -> str:
    """The form that ends a session."""
    return _page(
        "Sign out",
        f'<p>You are signed in as {escape(name)}.</p><form method="post" action="{LOGOUT}">'
        '<button>Sign out</button></form><p><a href="/">Back to the page</a></p>',
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} – Pullquote</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
