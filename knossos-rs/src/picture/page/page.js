// The page: what is in view, what is selected, and how both are changed.

function faultText(fault) {
  const until = fault.ret === null ? 'to the end' : `to ${exact(fault.ret)}`;
  return `${fault.name}, from ${exact(fault.call)} ${until}${fault.detail ? `: ${fault.detail}` : ''}`;
}

function times(op) {
  if (op.ret === null) return `called at ${exact(op.call)}, never returned`;
  return `${exact(op.call)} to ${exact(op.ret)}, ${humane(op.until - op.from)}`;
}

function remarks(op) {
  const remarks = [`client ${op.client}`, times(op)];
  if (op.rank !== null) remarks.push(`number ${op.rank + 1} in the order`);
  if (op.culprit) remarks.push('its return made the history impossible');
  else if (op.stuck) remarks.push('has no place in the order');
  if (op.role === 'core') remarks.push('part of the conflict');
  if (op.role === 'source') remarks.push('belongs to the conflict');
  if (op.later) remarks.push('called or returned after the conflict');
  return remarks.join(' · ');
}

class Page {
  constructor(data) {
    this.data = data;
    this.hits = new Set();
    this.selected = null;
    const byId = (id) => document.getElementById(id);
    Object.assign(this, { chart: byId('chart'), svg: byId('lanes'), axis: byId('ticks'), names: byId('names'), overview: byId('overview'), tip: byId('tip'), detail: byId('detail') });
    this.conflict = data.operations.filter((op) => op.role);
    this.scales = { time: timeScale(data), events: eventScale(data) };
    this.scale = this.scales.time;
    this.view = { start: 0, width: this.scale.length };
    this.measure();
  }

  measure() {
    this.width = Math.max(50, this.chart.clientWidth - this.names.offsetWidth);
  }

  toX(place) {
    return ((place - this.view.start) / this.view.width) * this.width;
  }

  x(time) {
    return this.toX(this.scale.place(time));
  }

  span(thing) {
    const from = this.x(thing.from);
    return [from, thing.until === null ? Math.max(from + 14, this.x(this.data.last)) : this.x(thing.until)];
  }

  // Shows these places, kept within what there is.
  show(start, width) {
    const { length } = this.scale;
    const smallest = this.scale.name === 'time' ? Math.min(10, length) : Math.min(3, length);
    this.view.width = Math.min(length, Math.max(smallest, width));
    this.view.start = Math.min(length - this.view.width, Math.max(0, start));
    this.draw();
  }

  // Shows these operations with some room around.
  frame(operations) {
    const { place } = this.scale;
    const from = Math.min(...operations.map((op) => place(op.from)));
    const until = Math.max(...operations.map((op) => (op.until === null ? place(op.from) : place(op.until))));
    const least = this.scale.name === 'events' ? 14 : 0;
    const room = Math.max((until - from) * 0.15, (least - (until - from)) / 2, 0);
    this.show(from - room, until - from + 2 * room);
    this.reveal(operations);
  }

  // Scrolls so that the rows of these can be seen.
  reveal(operations) {
    const rows = operations.map((op) => op.row);
    const top = Math.min(...rows) * ROW;
    const bottom = (Math.max(...rows) + 1) * ROW + this.axis.clientHeight + 10;
    const { scrollTop, clientHeight } = this.chart;
    if (top < scrollTop || bottom > scrollTop + clientHeight) this.chart.scrollTop = Math.max(0, top - ROW);
  }

  zoom(factor, at = this.width / 2) {
    const place = this.view.start + (at / this.width) * this.view.width;
    const width = this.view.width * factor;
    this.show(place - (at / this.width) * width, width);
  }

  pan(share) {
    this.show(this.view.start + share * this.view.width, this.view.width);
  }

  use(name) {
    const from = this.scale.time(this.view.start);
    const until = this.scale.time(this.view.start + this.view.width);
    this.scale = this.scales[name];
    for (const other of ['time', 'events']) {
      const button = document.getElementById(`scale-${other}`);
      button.setAttribute('aria-checked', String(other === name));
      button.tabIndex = other === name ? 0 : -1;
    }
    this.show(this.scale.place(from), this.scale.place(until) - this.scale.place(from));
  }

  draw() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    this.isDue = false;
    this.measure();
    this.ticks = findTicks(this);
    drawAxis(this);
    drawLanes(this);
    drawOverview(this);
    document.documentElement.dataset.drawn = String(this.svg.querySelectorAll('.op').length);
  }

  select(op, isToMove) {
    this.selected = op;
    this.detail.replaceChildren();
    if (op) {
      tag(this.detail, 'div', 'what', op.text);
      tag(this.detail, 'div', 'more', remarks(op));
      const { place } = this.scale;
      const [from, width] = [place(op.from), this.view.width];
      if (isToMove && (from < this.view.start || from > this.view.start + width * 0.9)) this.view.start = Math.max(0, Math.min(this.scale.length - width, from - width * 0.3));
      if (isToMove) this.reveal([op]);
    } else {
      tag(this.detail, 'div', 'more', 'Select an operation to see everything about it.');
    }
    this.draw();
  }

  selectNext(step, among = this.data.operations) {
    if (!among.length) return;
    const place = among.indexOf(this.selected);
    const next = place < 0 ? (step > 0 ? 0 : among.length - 1) : (place + step + among.length) % among.length;
    this.select(among[next], true);
  }

  search(words) {
    const wanted = words.trim().toLowerCase();
    const matches = (op) => op.text.toLowerCase().includes(wanted) || `client ${op.client}` === wanted;
    this.hits = new Set(wanted ? this.data.operations.filter(matches) : []);
    const count = this.hits.size;
    document.getElementById('matches').textContent = wanted ? `${count} found` : '';
    this.draw();
  }

  showTip(op, event) {
    this.tip.replaceChildren();
    this.tip.hidden = !op;
    if (!op) return;
    tag(this.tip, 'div', 'what', op.text);
    tag(this.tip, 'div', 'more', remarks(op));
    const { width, height } = this.tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(event.clientX + 14, innerWidth - width - 12));
    const below = event.clientY + 18;
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${below + height > innerHeight ? event.clientY - height - 12 : below}px`;
  }

  operationAt(event) {
    const group = event.target.closest?.('.op');
    return group ? this.data.operations[Number(group.dataset.number)] : null;
  }
}

function listenToPointers(page) {
  const { chart, svg, overview } = page;
  const pointers = new Map();
  let moved = 0;
  const local = (event) => event.clientX - svg.getBoundingClientRect().left;
  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, local(event));
    moved = 0;
  });
  addEventListener('pointermove', (event) => {
    if (!pointers.has(event.pointerId)) {
      page.showTip(svg.contains(event.target) ? page.operationAt(event) : null, event);
      return;
    }
    const before = [...pointers.values()];
    const from = pointers.get(event.pointerId);
    pointers.set(event.pointerId, local(event));
    const after = [...pointers.values()];
    moved += Math.abs(local(event) - from);
    if (moved > 3) {
      page.showTip(null);
      svg.classList.add('dragging');
    }
    if (before.length === 2) {
      const gap = (places) => Math.max(10, Math.abs(places[0] - places[1]));
      page.zoom(gap(before) / gap(after), (after[0] + after[1]) / 2);
    } else {
      page.show(page.view.start + ((from - local(event)) / page.width) * page.view.width, page.view.width);
    }
  });
  const end = (event) => {
    pointers.delete(event.pointerId);
    svg.classList.remove('dragging');
  };
  addEventListener('pointerup', end);
  addEventListener('pointercancel', end);
  svg.addEventListener('click', (event) => { if (moved <= 3) page.select(page.operationAt(event)); });
  chart.addEventListener('wheel', (event) => {
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (event.ctrlKey || event.metaKey) page.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.006), local(event));
    else if (isSideways) page.pan((event.deltaX || event.deltaY) / page.width);
    else return;
    event.preventDefault();
  }, { passive: false });
  const jump = (event) => {
    if (!(event.buttons & 1)) return;
    const box = overview.getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * page.scale.length;
    page.show(place - page.view.width / 2, page.view.width);
  };
  overview.addEventListener('pointerdown', jump);
  overview.addEventListener('pointermove', jump);
}

function listenToKeys(page) {
  const field = document.getElementById('search');
  const frameAll = () => page.show(0, page.scale.length);
  const frameConflict = () => (page.conflict.length ? page.frame(page.conflict) : frameAll());
  const next = (step) => page.selectNext(step, page.hits.size ? [...page.hits] : undefined);
  const keys = {
    '+': () => page.zoom(0.7), '=': () => page.zoom(0.7), '-': () => page.zoom(1 / 0.7),
    ArrowLeft: () => page.pan(-0.15), ArrowRight: () => page.pan(0.15),
    '.': () => page.selectNext(1), ',': () => page.selectNext(-1),
    Home: () => page.show(0, page.view.width), End: () => page.show(page.scale.length, page.view.width),
    c: frameConflict, a: frameAll, '/': () => field.focus(), Escape: () => page.select(null),
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target === field;
    if (isTyping && event.key === 'Enter') next(event.shiftKey ? -1 : 1);
    else if (isTyping && event.key === 'Escape') page.chart.focus();
    else if (isTyping || !keys[event.key]) return;
    else keys[event.key]();
    event.preventDefault();
  });
  field.addEventListener('input', () => page.search(field.value));
  const onClick = (id, action) => document.getElementById(id).addEventListener('click', action);
  onClick('next', () => next(1));
  onClick('previous', () => next(-1));
  onClick('zoom-in', () => page.zoom(0.6));
  onClick('zoom-out', () => page.zoom(1 / 0.6));
  onClick('show-all', frameAll);
  onClick('show-conflict', frameConflict);
  for (const name of ['time', 'events']) {
    onClick(`scale-${name}`, () => page.use(name));
    document.getElementById(`scale-${name}`).addEventListener('keydown', (event) => {
      if (!['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
      page.use(name === 'time' ? 'events' : 'time');
      document.getElementById(`scale-${page.scale.name}`).focus();
      event.preventDefault();
      event.stopPropagation();
    });
  }
  return frameConflict;
}

function writeHead(page) {
  const { data } = page;
  const write = (id, text) => { document.getElementById(id).textContent = text; };
  write('title', data.title);
  write('verdict', data.headline);
  document.getElementById('verdict').className = data.verdict;
  write('message', data.message);
  write('facts', data.facts.join(' · '));
  write('corner', '');
  if (data.anomaly) {
    write('anomaly', data.anomaly);
    document.getElementById('anomaly').hidden = false;
  }
  if (!page.conflict.length) return;
  document.getElementById('show-conflict').hidden = false;
  document.getElementById('conflict').hidden = false;
  write('conflict-title', data.conflictTitle);
  for (const op of page.conflict) {
    const button = tag(tag(document.getElementById('conflict-list'), 'li'), 'button', op.role);
    button.type = 'button';
    tag(button, 'span', 'what', op.text);
    tag(button, 'span', 'when', `client ${op.client} · ${times(op)}`);
    button.addEventListener('click', () => page.select(op, true));
  }
}

function writeLegend(page) {
  const { operations, ordered, stopAt, faults, gaps } = page.data;
  const legend = document.getElementById('legend');
  const entry = (isThere, className, words, draw) => {
    if (!isThere) return;
    const item = tag(legend, 'li');
    const svg = node(item, 'svg', { viewBox: '0 0 26 14', 'aria-hidden': 'true' });
    draw(node(svg, 'g', { class: className }));
    item.append(words);
  };
  const bar = (group) => node(group, 'rect', { class: 'bar', x: 1.5, y: 1.5, width: 23, height: 11, rx: 3 });
  const some = (test) => operations.some(test);
  entry(some((op) => op.role === 'core'), 'op core', 'in conflict', bar);
  entry(some((op) => op.role === 'source'), 'op source', 'where the conflict has its values from', bar);
  entry(some((op) => !op.role && op.read), 'op read', 'read', bar);
  entry(some((op) => !op.role && !op.read), 'op write', 'change', bar);
  entry(some((op) => op.until === null), 'op open write', 'outcome unknown', (group) => {
    const shape = bar(group);
    shape.style.fill = 'url(#fade-write)';
    node(group, 'path', { class: 'edge', d: 'M24 1.5H4a3 3 0 0 0 -3 3v5a3 3 0 0 0 3 3H24' });
  });
  entry(ordered.length > 0, '', 'takes effect, with its number in the order', (group) => node(group, 'circle', { class: 'point', cx: 13, cy: 7, r: 5 }));
  entry(stopAt !== null, '', 'no order beyond', (group) => node(group, 'line', { class: 'stop', x1: 13, x2: 13, y1: 0, y2: 14 }));
  entry(faults.length > 0, '', 'fault', (group) => node(group, 'rect', { class: 'fault-head', x: 1, y: 1, width: 24, height: 12, rx: 3 }));
  entry(gaps.length > 0, '', 'operations not shown', (group) => node(group, 'rect', { class: 'gap', x: 9, y: 0, width: 8, height: 14 }));
}

// Written when it is first opened: most people never do.
function writeTableOnce(page) {
  const view = document.getElementById('table-view');
  view.addEventListener('toggle', () => {
    const table = document.getElementById('table');
    if (table.childElementCount) return;
    const head = tag(tag(table, 'thead'), 'tr');
    for (const name of ['Operation', 'Client', 'Called', 'Returned', 'Order']) tag(head, 'th', '', name).scope = 'col';
    const body = tag(table, 'tbody');
    for (const op of page.data.operations) {
      const row = tag(body, 'tr', op.role);
      tag(row, 'td', 'what', op.text);
      tag(row, 'td', 'number', op.client);
      tag(row, 'td', 'number', exact(op.call));
      tag(row, 'td', 'number', op.ret === null ? 'never' : exact(op.ret));
      tag(row, 'td', 'number', op.rank === null ? '' : String(op.rank + 1));
    }
  });
}

function start() {
  const page = new Page(prepare(JSON.parse(document.getElementById('data').textContent)));
  writeHead(page);
  writeLegend(page);
  writeTableOnce(page);
  listenToPointers(page);
  const frameConflict = listenToKeys(page);
  drawNames(page);
  // Where most bars would be too small to see, every event gets the same room instead.
  const widths = page.data.operations.filter((op) => op.until !== null).map((op) => op.until - op.from).sort((a, b) => a - b);
  const shown = page.conflict.length ? page.conflict : page.data.operations;
  const reach = Math.max(1, ...shown.map((op) => op.until ?? op.from)) - Math.min(...shown.map((op) => op.from));
  const median = widths[Math.floor(widths.length / 2)] ?? 0;
  page.use((median / Math.max(1, reach)) * page.width > 14 ? 'time' : 'events');
  frameConflict();
  if (!page.conflict.length) page.show(0, Math.min(page.scale.length, page.scale.name === 'events' ? Math.max(20, page.width / 16) : page.scale.length));
  page.select(page.data.operations.find((op) => op.culprit) ?? null, false);
  new ResizeObserver(() => { drawNames(page); page.draw(); }).observe(page.chart);
  page.drawNow();
  document.documentElement.dataset.ready = 'true';
}

addEventListener('error', (event) => { document.documentElement.dataset.error = event.message; });
start();
