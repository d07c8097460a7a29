"""What the page's own parts do in the browser: presses become the events that ``layout`` connects."""

from __future__ import annotations

OPENS_ARTICLES_JS = """
element.addEventListener('click', (event) => {
  const article = event.target.closest('[data-article]');
  if (!article) return;
  window.pullquote?.opening(article, event);
  trigger('open_article', {article: article.dataset.article});
});
"""
CONVERSATION_JS = f"""{OPENS_ARTICLES_JS}
element.addEventListener('click', (event) => {{
  const opener = event.target.closest('[data-open]');
  const example = event.target.closest('[data-ask]');
  if (opener) {{
    window.pullquote?.opening(opener, event);
    trigger('open_citation', {{pointer: opener.dataset.open}});
  }}
  if (example) trigger('ask_example', {{question: example.dataset.ask}});
  if (event.target.closest('[data-begin]')) trigger('begin', {{}});
  if (event.target.closest('[data-as-typed]')) trigger('ask_as_typed', {{}});
  const verdict = event.target.closest('[data-verdict]');
  if (verdict) trigger('judge', {{exchange: verdict.dataset.exchange, verdict: verdict.dataset.verdict}});
}});
watch('value', () => window.pullquote?.answered(element));
setInterval(() => {{
  if (element.querySelector('[data-preparing]')) trigger('look_again', {{}});
  if (element.querySelector('[data-awaited]')) trigger('look_for_answer', {{}});
}}, 3000);
"""
EVIDENCE_JS = """
watch('value', () => window.pullquote?.shown());
element.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open]');
  if (!opener) return;
  window.pullquote?.stepping(opener, event);
  trigger('open_citation', {pointer: opener.dataset.open});
});
element.addEventListener('pullquote:chosen', (event) => trigger('choose_sentence', event.detail));
"""
