// What the page does in the browser: it moves the view and the focus, and copies; uploads.js sends files. All that is shown comes from the server.
(() => {
  const narrow = window.matchMedia('(max-width: 56rem)');
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
  const root = document.documentElement;
  let opener = null; // what was pressed to open the evidence: the focus goes back to it
  let byKeyboard = false;
  let silence = 0;
  let seen = null; // the newest answer that has been brought into view
  let noting = false; // a right sentence was sent, and is told to be noted when the conversation shows it
  let choosing = null; // the exchange for which the right sentence is being chosen

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
    for (const chip of document.querySelectorAll('[data-open]:not([data-step]), [data-article]')) {
      const name = chip.dataset.open ?? `article:${chip.dataset.article}`;
      if (name === shown) chip.setAttribute('aria-current', 'true');
      else chip.removeAttribute('aria-current');
    }
  }

  // One sentence of the article is reached by Tab, the cited one or the first; the arrow keys go on from there.
  function reachSentences() {
    const evidence = panel();
    const target = evidence?.querySelector('[data-target]')?.closest('.pq-one');
    const first = target ?? evidence?.querySelector('.pq-one');
    if (first) reachable(first);
  }

  // Named by its words, and described by the line that says what a press does.
  function reachable(sentence) {
    sentence.tabIndex = 0;
    sentence.setAttribute('role', 'button');
    sentence.setAttribute('aria-describedby', 'pq-press');
  }

  function stepSentence(from, by) {
    const all = [...(panel()?.querySelectorAll('.pq-one') ?? [])];
    const to = all[all.indexOf(from) + by];
    if (!to) return;
    for (const name of ['tabindex', 'role', 'aria-describedby']) from.removeAttribute(name);
    reachable(to);
    to.focus();
  }

  // What lies over the page is a dialog, and nothing behind it can be reached. The list of keys and what is told stay.
  function overlay(on) {
    for (const behind of document.querySelectorAll('#pq-main, .pq-head')) behind.toggleAttribute('inert', on);
    const names = { role: 'dialog', 'aria-modal': 'true', 'aria-label': 'Evidence' };
    for (const [name, value] of Object.entries(names)) {
      const aside = document.getElementById('pq-aside');
      if (on) aside?.setAttribute(name, value);
      else aside?.removeAttribute(name);
    }
  }

  // On a narrow screen the panel lies over the page; the browser's Back closes it.
  function lift() {
    if (!narrow.matches || root.hasAttribute('data-evidence')) return;
    root.setAttribute('data-evidence', '');
    overlay(true);
    history.pushState({ pullquote: 'evidence' }, '');
  }

  function lower() {
    if (!root.hasAttribute('data-evidence')) return;
    root.removeAttribute('data-evidence');
    overlay(false);
    opener?.focus();
  }

  function close() {
    if (root.hasAttribute('data-evidence')) history.back();
    else if (panel()?.contains(document.activeElement)) opener?.focus();
  }

  function toTab(place) {
    const tab = document.querySelectorAll('#pq-tabs [role="tab"]')[place];
    tab?.click();
    tab?.focus();
  }

  function tell(words) {
    const place = document.getElementById('pq-told');
    if (!place) return;
    place.textContent = words;
    clearTimeout(silence);
    silence = setTimeout(() => (place.textContent = ''), 4000);
  }

  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without a secure address (http from another machine) browsers have no clipboard but this.
      const box = document.createElement('textarea');
      const focused = document.activeElement;
      box.value = text;
      box.style.cssText = 'position:fixed;opacity:0';
      document.body.append(box);
      box.select();
      const done = document.execCommand('copy');
      box.remove();
      focused?.focus();
      if (!done) return tell('The browser did not allow copying.');
    }
    tell(`Copied ${what}.`);
  }

  function copySentence(sentence) {
    const source = sentence.closest('.pq-text')?.dataset.source ?? '';
    copy(`“${sentence.textContent.trim()}” (${source})`, 'the sentence with its source');
  }

  function copyShown() {
    const target = panel()?.querySelector('[data-target]')?.closest('.pq-one');
    if (target) copySentence(target);
    else tell('No citation is open.');
  }

  // The next sentence that is pressed is the one that would have been right.
  function choose(number) {
    choosing = number;
    root.toggleAttribute('data-choosing', number !== null);
    for (const button of document.querySelectorAll('[data-choose]')) {
      button.setAttribute('aria-pressed', String(button.dataset.choose === number));
    }
    if (number !== null) tell('Open an article and press the right sentence; Escape ends this.');
  }

  function press(sentence) {
    if (choosing === null) return copySentence(sentence);
    const { article, heldIn, version } = sentence.closest('.pq-text').dataset;
    const detail = { exchange: choosing, article, collection: heldIn, version, at: sentence.dataset.at };
    panel()?.dispatchEvent(new CustomEvent('pullquote:chosen', { detail, bubbles: true }));
    choose(null);
    noting = true; // until the server has agreed, or not
  }

  // The next citation of the conversation or the one before; with none open, the first of the newest answer that has any.
  function step(by) {
    const chips = [...document.querySelectorAll('.pq-log .pq-source .pq-chip[data-open]')];
    if (!chips.length) return tell('There is no citation yet.');
    const shown = (panel()?.dataset.shown ?? '').split(':').slice(0, 3).join(':');
    const open = chips.findIndex((chip) => chip.dataset.open === shown);
    const newest = chips.at(-1).closest('.pq-exchange').querySelector('.pq-chip[data-open]');
    const chip = open < 0 ? newest : chips[open + by];
    if (!chip) return tell('There is none further.');
    chip.scrollIntoView({ block: 'nearest', behavior: motion() });
    chip.click();
  }

  // What this tab shows and asks, for the server, which forgets it some day; a reload asks for it as well.
  const keep = (name, value) => sessionStorage.setItem(`pullquote-${name}`, value ?? '');
  const kept = (name) => sessionStorage.getItem(`pullquote-${name}`) ?? '';

  // Quick events are sent one after another: each would be run in a thread of its own, and one that was held up would
  // undo what was pressed after it, or show what was there before it. An answer is waited for to its last byte.
  let line = Promise.resolve();
  const fetching = window.fetch;
  window.fetch = (...given) => {
    const { pathname } = new URL(given[0]?.url ?? given[0], document.baseURI);
    if (!pathname.endsWith('/gradio_api/run/predict')) return fetching(...given);
    const response = line.then(() => fetching(...given));
    line = response.then(told).catch(() => {});
    return response;
  };

  // Why an event was refused: the toolkit shows that of events that it queues alone, and as HTML, for which it is escaped.
  async function told(response) {
    const said = await response.clone().json().catch(() => ({}));
    if (response.ok) return;
    noting = false;
    const words = new DOMParser().parseFromString(said.error ?? '', 'text/html').body.textContent;
    tell(words || 'Something failed that should not have.');
  }

  window.pullquote = {
    tell,
    remembered: () => {
      const names = ['conversation', 'scope', 'question'];
      return JSON.stringify(Object.fromEntries(names.map((name) => [name, kept(name)])));
    },
    // The choice of what is asked is shown anew.
    asking(scope) {
      if (scope) keep('scope', scope);
    },
    // A source was pressed; its article is on the way.
    opening(pressed, event) {
      opener = pressed;
      byKeyboard = event.detail === 0;
      lift();
      const name = pressed.dataset.open ?? `article:${pressed.dataset.article}`;
      if (panel()?.dataset.shown === name) this.shown(); // the same HTML comes again, and no change is reported
    },
    // A step to another citation was pressed in the panel; Escape leads back to that citation's source.
    stepping(pressed, event) {
      byKeyboard = event.detail === 0;
      opener = document.querySelector(`.pq-chip[data-open="${pressed.dataset.open}"]`) ?? opener;
    },
    // The panel has new content.
    shown() {
      pointOut();
      reveal();
      reachSentences();
      if (byKeyboard || root.hasAttribute('data-evidence')) {
        panel()?.querySelector('.pq-headline')?.focus({ preventScroll: true });
      }
      byKeyboard = false;
    },
    // A row of a list was deleted, and the focus with it: it goes to the row that took its place, or to the count.
    deleted(list, place) {
      if (document.activeElement !== document.body && !list.contains(document.activeElement)) return;
      const rows = [...list.querySelectorAll('.pq-article')];
      const next = rows[Math.min(Math.max(place, 0), rows.length - 1)] ?? list.querySelector('[role="status"]');
      if (!next) return;
      if (!rows.length) next.tabIndex = -1;
      next.focus();
    },
    // The conversation has new content.
    answered(element) {
      pointOut();
      if (noting) tell('Noted as the right sentence.');
      noting = false;
      const log = element.querySelector('.pq-log');
      keep('conversation', log.dataset.conversation);
      keep('question', log.dataset.pending);
      const newest = [...element.querySelectorAll('.pq-exchange')].pop();
      if (!newest) return;
      const tall = newest.offsetHeight > window.innerHeight * 0.7; // then its beginning is what to read first
      if (newest.id === seen) return; // judged, and not asked
      seen = newest.querySelector('.pq-pending') ? null : newest.id;
      newest.scrollIntoView({ block: tall ? 'start' : 'nearest', behavior: motion() });
    },
  };

  document.addEventListener('click', (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at('[data-close]')) close();
    if (at('[data-keys]')) document.getElementById('pq-keys')?.showModal();
    if (at('[data-keys-close]')) document.getElementById('pq-keys')?.close();
    const copied = at('[data-copy]');
    if (copied) {
      copy(copied.dataset.copy, `as ${copied.textContent}`);
      copied.closest('details')?.removeAttribute('open');
      copied.closest('details')?.querySelector('summary')?.focus();
    }
    const sentence = at('.pq-evidence .pq-one');
    if (sentence && !String(window.getSelection())) press(sentence); // who marks words copies those
    const chooser = at('[data-choose]');
    if (chooser) choose(chooser.dataset.choose === choosing ? null : chooser.dataset.choose);
    if (at('.pq-user a')) sessionStorage.clear(); // who signs in next gets nobody else's question into the box
    if (at('[data-to-sources]')) toTab(1);
    if (at('[data-resume]')) document.querySelector('#pq-tabs [role="tab"]')?.click();
  });

  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return; // the browser closes it by Escape
    if (event.key === 'Escape' && choosing !== null) return choose(null);
    if (event.key === 'Escape') close();
    const sentence = event.target.closest?.('.pq-one');
    if (sentence && ['ArrowRight', 'ArrowLeft', 'Enter'].includes(event.key)) {
      event.preventDefault();
      if (event.key === 'Enter') press(sentence);
      else stepSentence(sentence, event.key === 'ArrowRight' ? 1 : -1);
    }
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      '/': () => {
        document.querySelector('#pq-tabs [role="tab"]')?.click(); // the question box is in the first tab
        requestAnimationFrame(() => document.querySelector('#pq-question textarea')?.focus());
      },
      '?': () => document.getElementById('pq-keys')?.showModal(),
      j: () => step(1),
      k: () => step(-1),
      c: copyShown,
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  window.addEventListener('popstate', lower);
  narrow.addEventListener('change', () => {
    if (!narrow.matches) lower();
  });
})();
