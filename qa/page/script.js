// What the page does in the browser: it moves the view and the focus. All that is shown comes from the server.
(() => {
  const narrow = window.matchMedia('(max-width: 56rem)');
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
  const root = document.documentElement;
  let opener = null; // what was pressed to open the evidence: the focus goes back to it
  let byKeyboard = false;

  const panel = () => document.querySelector('.pq-evidence');
  const motion = () => (calm.matches ? 'auto' : 'smooth');

  // Bring the cited sentence into the upper third of the panel, or the article's head when there is no highlight.
  function reveal() {
    const evidence = panel();
    if (!evidence) return;
    const target = evidence.querySelector('[data-target]');
    const above = target ? target.getBoundingClientRect().top - evidence.getBoundingClientRect().top : 0;
    const top = target ? evidence.scrollTop + above - evidence.clientHeight / 3 : 0;
    evidence.scrollTo({ top: Math.max(0, top), behavior: motion() });
  }

  // Say which source is open, to the eye and to a screen reader.
  function pointOut() {
    const shown = panel()?.dataset.shown;
    for (const chip of document.querySelectorAll('[data-open], [data-article]')) {
      const name = chip.dataset.open ?? `article:${chip.dataset.article}`;
      if (name === shown) chip.setAttribute('aria-current', 'true');
      else chip.removeAttribute('aria-current');
    }
  }

  // On a narrow screen the panel lies over the page; the browser's Back closes it.
  function lift() {
    if (!narrow.matches || root.hasAttribute('data-evidence')) return;
    root.setAttribute('data-evidence', '');
    document.getElementById('pq-main')?.setAttribute('inert', '');
    history.pushState({ pullquote: 'evidence' }, '');
  }

  function lower() {
    if (!root.hasAttribute('data-evidence')) return;
    root.removeAttribute('data-evidence');
    document.getElementById('pq-main')?.removeAttribute('inert');
    opener?.focus();
  }

  function close() {
    if (root.hasAttribute('data-evidence')) history.back();
    else if (panel()?.contains(document.activeElement)) opener?.focus();
  }

  window.pullquote = {
    // A source was pressed; its article is on the way.
    opening(pressed, event) {
      opener = pressed;
      byKeyboard = event.detail === 0;
      lift();
      const name = pressed.dataset.open ?? `article:${pressed.dataset.article}`;
      if (panel()?.dataset.shown === name) this.shown(); // the same HTML comes again, and no change is reported
    },
    // The panel has new content.
    shown() {
      pointOut();
      reveal();
      if (byKeyboard || root.hasAttribute('data-evidence')) {
        panel()?.querySelector('.pq-headline')?.focus({ preventScroll: true });
      }
      byKeyboard = false;
    },
    // The conversation has new content.
    answered(element) {
      pointOut();
      const newest = [...element.querySelectorAll('.pq-exchange')].pop();
      if (!newest) return;
      const tall = newest.offsetHeight > window.innerHeight * 0.7; // then its beginning is what to read first
      newest.scrollIntoView({ block: tall ? 'start' : 'nearest', behavior: motion() });
    },
  };

  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-close]')) close();
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    const typing = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      document.querySelector('#pq-tabs [role="tab"]')?.click(); // the question box is in the first tab
      requestAnimationFrame(() => document.querySelector('#pq-question textarea')?.focus());
    }
  });

  window.addEventListener('popstate', lower);
  narrow.addEventListener('change', () => {
    if (!narrow.matches) lower();
  });
})();
