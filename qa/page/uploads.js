// How files are sent: by drag and drop, folders too, again after a failure. What became of them comes from the server.
(() => {
  // A file out of a folder is sent under its path there, which tells apart what has the same name in two folders; and
  // a folder that is dropped is sent as the files in it. What is hidden (a name with a dot in front) stays behind.
  const named = (file, path) => new File([file], path, { type: file.type, lastModified: file.lastModified });
  const hidden = (path) => path.split('/').some((part) => part.startsWith('.'));

  const AT_ONCE = 1000; // files, as the server takes them
  const BYTES_AT_ONCE = 250 * 2 ** 20;
  // After the files the toolkit sends a list of them, each with its name up to four times, in a request that may be 1 MiB.
  const LISTED_BYTES = 900_000;
  const size = (text) => new TextEncoder().encode(text).length;
  const listed = (file) => 500 + 3 * size(file.name.split('/').pop()) + size(file.webkitRelativePath || file.name);
  const fileInput = () => document.querySelector('#pq-files input[type=file]');
  let sent = []; // the files of the last upload, in the order of its report

  function hand(input, files) {
    const given = new DataTransfer();
    for (const file of files) given.items.add(file);
    input.files = given.files;
  }

  // Try files of the last upload again, by their places in it; with no places, or when they cannot be read any more,
  // let them be chosen. A file that was changed on the disk meanwhile is one that the browser does not read.
  window.pullquote.upload = async (places, of) => {
    const files = places && of === sent.length ? places.split(',').map((place) => sent[place]) : [];
    try {
      await Promise.all(files.map((file) => file.slice(0, 1).arrayBuffer()));
    } catch {
      window.pullquote.tell('A file was changed or is gone: choose the files again.');
      files.length = 0;
    }
    const input = fileInput();
    if (!files.length || !input) return input?.click();
    hand(input, files);
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };

  // An upload that does not arrive: said where its report would stand, until the next one, with a button that sends it again.
  function tellUnsent(reason, mayPass) {
    document.querySelector('.pq-unsent')?.remove();
    if (!reason) return;
    const count = sent.length === 1 ? '1 file was' : `${sent.length} files were`;
    const words = document.createElement('p');
    words.textContent = `${count} not sent: ${reason}. Nothing was added.`;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'pq-link';
    button.textContent = mayPass ? 'Send again' : 'Choose files again';
    button.addEventListener('click', () => window.pullquote.upload(mayPass && sent.map((_, place) => place).join(), sent.length));
    const said = document.createElement('div');
    said.className = 'pq-unsent pq-problem';
    said.setAttribute('role', 'alert');
    said.append(words, button);
    document.getElementById('pq-upload-report')?.before(said);
  }

  // The toolkit sends files by fetch, and says of one that fails no more than that it did.
  const fetching = window.fetch;
  window.fetch = async (...given) => {
    const address = new URL(given[0]?.url ?? given[0], document.baseURI);
    if (!address.pathname.endsWith('/gradio_api/upload')) return fetching(...given);
    tellUnsent('');
    try {
      const response = await fetching(...given);
      if (response.status === 413) tellUnsent('that is more than the server takes at once', false);
      else if (!response.ok) tellUnsent(`the server answered with ${response.status}`, true);
      return response;
    } catch (error) {
      tellUnsent('the server could not be reached', true);
      throw error;
    }
  };

  // Why files would be refused by the server, known before any of them is sent; empty when they would not.
  function tooMuch(files) {
    const sum = (of) => files.reduce((before, file) => before + of(file), 0);
    const most = `at most ${AT_ONCE.toLocaleString('en')} files and ${BYTES_AT_ONCE / 2 ** 20} MiB are taken at once`;
    if (files.length > AT_ONCE || sum((file) => file.size) > BYTES_AT_ONCE) return `${most}; choose fewer, in turn`;
    return sum(listed) > LISTED_BYTES ? 'their names are too long to be sent at once; choose fewer, in turn' : '';
  }

  // Whether files were stopped here, with the reason told.
  function stopped(event, files) {
    const reason = tooMuch(files);
    if (!reason) return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    sent = files;
    tellUnsent(reason, false);
    return true;
  }

  async function filesBelow(entry, path = '') {
    const here = path + entry.name;
    if (hidden(here)) return [];
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      return [named(file, here)];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed)); // a hundred at a time
      if (!some.length) return found;
      for (const inner of some) found.push(...(await filesBelow(inner, `${here}/`)));
    }
  }

  document.addEventListener(
    'change',
    (event) => {
      const input = event.target;
      if (!(input instanceof HTMLInputElement) || input.type !== 'file') return;
      const files = [...input.files].filter((file) => !hidden(file.webkitRelativePath));
      if (stopped(event, files)) {
        input.value = '';
        return;
      }
      if (files.some((file) => file.webkitRelativePath)) {
        hand(input, files.map((file) => named(file, file.webkitRelativePath || file.name)));
      }
      sent = [...input.files];
    },
    true,
  );

  document.addEventListener(
    'drop',
    async (event) => {
      const input = event.target.closest?.('#pq-files')?.querySelector('input[type=file]');
      if (input) sent = [...(event.dataTransfer?.files ?? [])];
      const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
      if (!input) return;
      if (!entries.some((entry) => entry.isDirectory)) {
        stopped(event, [...(event.dataTransfer?.files ?? [])]);
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      try {
        const found = [];
        for (const entry of entries) found.push(...(await filesBelow(entry)));
        hand(input, found);
        input.dispatchEvent(new Event('change', { bubbles: true }));
      } catch {
        window.pullquote.tell('The folder could not be read.');
      }
    },
    true,
  );
})();
