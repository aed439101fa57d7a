// Drawing: the lanes, the axis and the overview, each time anew for what is in view.

const ROW = 30;
const BAR = 20;
const FAULT_ROW = 18;
const FADE = 260;

function node(parent, name, attributes, text) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

function tag(parent, name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

// As much of a text as there is room for.
function fitted(text, width) {
  const letters = Math.floor(width / 7);
  if (text.length <= letters) return text;
  return letters >= 4 ? `${text.slice(0, letters - 1)}…` : '';
}

function kind(op) {
  return op.role || (op.read ? 'read' : 'write');
}

function drawGradients(svg) {
  const defs = node(svg, 'defs');
  for (const name of ['read', 'write', 'source', 'core', 'hit']) {
    const gradient = node(defs, 'linearGradient', { id: `fade-${name}` });
    node(gradient, 'stop', { offset: '0', class: `fade-${name}` });
    node(gradient, 'stop', { offset: '0.35', class: `fade-${name}` });
    node(gradient, 'stop', { offset: '1', class: `fade-${name}`, 'stop-opacity': '0' });
  }
}

function drawLanes(page) {
  const { data, svg, width } = page;
  const height = data.rows.length * ROW + 6;
  svg.replaceChildren();
  svg.setAttribute('height', height);
  drawGradients(svg);
  data.lanes.forEach((lane, number) => {
    const y = lane.first * ROW + 3;
    if (number % 2) node(svg, 'rect', { class: 'stripe', x: 0, y, width, height: lane.rows * ROW });
  });
  for (const place of page.ticks) node(svg, 'line', { class: 'grid', x1: place.x, x2: place.x, y1: 0, y2: height });
  for (const fault of data.faults) {
    const [from, until] = page.span(fault);
    if (until >= 0 && from <= width) node(svg, 'rect', { class: 'fault', x: from, y: 0, width: Math.max(2, until - from), height });
  }
  drawGaps(page, height);
  for (const op of data.operations) drawOperation(page, op);
  drawPath(page);
  drawPoints(page);
  if (data.stopAt !== null) {
    const x = page.x(data.stopAt) + 1;
    node(svg, 'line', { class: 'stop', x1: x, x2: x, y1: 0, y2: height });
  }
}

function drawGaps(page, height) {
  for (const gap of page.data.gaps) {
    const left = page.data.operations[gap.after];
    const right = page.data.operations[gap.after + 1];
    const [from, until] = [page.x(left.from), page.x(right.from)];
    if (until < 0 || from > page.width) continue;
    const middle = (from + until) / 2;
    const shape = node(page.svg, 'rect', { class: 'gap', x: middle - 4, y: 0, width: 8, height });
    node(shape, 'title', {}, `${gap.count} operations in between are not shown`);
  }
}

function drawOperation(page, op) {
  const { svg, width } = page;
  const [from, until] = page.span(op);
  if (until < -2 || from > width + 2) return;
  const y = op.row * ROW + 3 + (ROW - BAR) / 2;
  const wide = Math.max(3, until - from);
  const isOpen = op.until === null;
  const classes = ['op', kind(op), op.later ? 'later' : '', isOpen ? 'open' : '', page.hits.has(op) ? 'hit' : '', page.selected === op ? 'selected' : ''];
  const group = node(svg, 'g', { class: classes.filter(Boolean).join(' '), 'data-number': op.number });
  // What never returned fades out.
  const solid = isOpen ? Math.min(wide, FADE) : wide;
  const bar = node(group, 'rect', { class: 'bar', x: from, y, width: solid, height: BAR, rx: 4 });
  if (isOpen) {
    bar.style.fill = `url(#fade-${page.hits.has(op) ? 'hit' : kind(op)})`;
    node(group, 'path', { class: 'edge', d: `M${from + wide} ${y}H${from + 4}a4 4 0 0 0 -4 4v${BAR - 8}a4 4 0 0 0 4 4H${from + wide}` });
  }
  if (page.selected === op) node(group, 'rect', { class: 'ring', x: from - 3, y: y - 3, width: wide + 6, height: BAR + 6, rx: 6 });
  const start = Math.max(from, 0) + 6;
  const end = op.followed === undefined ? width : Math.min(width, page.x(op.followed));
  const label = fitted(op.text, end - start - 4);
  if (label) node(group, 'text', { x: start, y: y + 14, class: until - from > label.length * 7 + 8 ? '' : 'halo' }, label);
}

// The order, as a line from point to point.
function drawPath(page) {
  const places = page.data.ordered.map((op) => [page.x(op.at), (op.row + 0.5) * ROW + 3 + BAR / 2]);
  const isDense = places.filter(([x]) => x >= 0 && x <= page.width).length * 14 > page.width;
  let path = '';
  places.forEach(([x, y], index) => {
    const before = places[index - 1];
    const after = places[index + 1];
    const isNear = x >= -50 && x <= page.width + 50;
    const touches = isNear || (before && before[0] < 0 && x > 0) || (after && x < 0 && after[0] > 0);
    if (!touches) return;
    const isJoined = before && page.data.ordered[index].rank === page.data.ordered[index - 1].rank + 1 && path;
    path += `${isJoined ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  node(page.svg, 'path', { class: isDense ? 'path dense' : 'path', d: path });
}

function drawPoints(page) {
  const { svg, width } = page;
  let last = -Infinity;
  const visible = page.data.ordered.filter((op) => page.x(op.at) >= -5 && page.x(op.at) <= width + 5);
  const isSparse = visible.length * 14 < width;
  for (const op of visible) {
    const x = page.x(op.at);
    const y = (op.row + 0.5) * ROW + 3 + BAR / 2;
    node(svg, 'circle', { class: 'point', cx: x, cy: y, r: isSparse ? 4 : 2.6 });
    const text = String(op.rank + 1);
    if (isSparse && x - last > text.length * 7 + 6) {
      node(svg, 'text', { class: 'rank halo', x: x + 5, y: y + 8 }, text);
      last = x;
    }
  }
}

// Ticks at round distances from the first moment, or at every so many events.
function findTicks(page) {
  const { scale, width } = page;
  const count = Math.max(2, Math.floor(width / 130));
  if (scale.name === 'events') {
    const step = Math.max(1, Math.ceil(page.view.width / count));
    const first = Math.ceil(page.view.start / step) * step;
    const places = [];
    for (let place = first; place <= page.view.start + page.view.width; place += step) places.push(place);
    return places.map((place) => ({ x: page.toX(place), text: `+${humane(scale.time(place) - page.data.first)}` }));
  }
  const rough = page.view.width / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= rough);
  const first = Math.ceil(page.view.start / step);
  const last = Math.floor((page.view.start + page.view.width) / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
    .map((place) => ({ x: page.toX(place), text: tickText(place, step) }));
}

function drawAxis(page) {
  const { data, ticks, width } = page;
  const svg = page.axis;
  const height = 26 + data.faultRows * FAULT_ROW;
  svg.replaceChildren();
  svg.setAttribute('height', height);
  for (const fault of data.faults) {
    const [from, until] = page.span(fault);
    if (until < 0 || from > width) continue;
    const y = 24 + fault.row * FAULT_ROW;
    const group = node(svg, 'g', {});
    node(group, 'title', {}, faultText(fault));
    node(group, 'rect', { class: 'fault-head', x: from, y, width: Math.max(2, until - from), height: FAULT_ROW - 2, rx: 3 });
    const start = Math.max(0, from) + 5;
    const label = fitted(fault.name, Math.min(width, until) - start);
    if (label) node(group, 'text', { class: 'fault-word', x: start, y: y + 12 }, label);
  }
  const stop = placeStop(page);
  ticks.forEach((tick) => {
    node(svg, 'line', { class: 'grid', x1: tick.x, x2: tick.x, y1: 18, y2: height });
    const [from, until] = [tick.x + 4, tick.x + 4 + tick.text.length * 7];
    const isFree = !stop || until < stop.from || from > stop.until;
    if (until < width && isFree) node(svg, 'text', { class: 'quiet', x: from, y: 15 }, tick.text);
  });
  if (stop) {
    node(svg, 'line', { class: 'stop', x1: stop.x, x2: stop.x, y1: 0, y2: height });
    node(svg, 'text', { class: 'stop-word', x: stop.from, y: 15 }, data.stopWord);
  }
}

// The line beyond which there is no order, and the room of its word beside it.
function placeStop(page) {
  if (page.data.stopAt === null) return null;
  const x = page.x(page.data.stopAt) + 1;
  if (x < 0 || x > page.width) return null;
  const room = page.data.stopWord.length * 7.1 + 6;
  const from = x > room ? x - room : x + 6;
  return { x, from, until: Math.max(x, from + room) };
}

function drawNames(page) {
  const { data } = page;
  page.names.replaceChildren();
  page.names.style.height = `${data.rows.length * ROW + 6}px`;
  const isNarrow = page.names.clientWidth < 80;
  for (const lane of data.lanes) {
    const name = tag(page.names, 'div', lane.core ? 'core' : '', isNarrow ? lane.name : `client ${lane.name}`);
    name.title = `client ${lane.name}`;
    name.style.top = `${lane.first * ROW + 7}px`;
  }
}

function drawOverview(page) {
  const svg = page.overview;
  const width = svg.clientWidth;
  const height = 28;
  const { data, scale, view } = page;
  const x = (place) => (place / scale.length) * width;
  svg.replaceChildren();
  for (const fault of data.faults) {
    const until = x(scale.place(fault.until ?? data.last));
    const from = x(scale.place(fault.from));
    node(svg, 'rect', { class: 'fault-head', x: from, y: 0, width: Math.max(1, until - from), height });
  }
  const rows = Math.max(1, data.rows.length);
  const mark = (op, className) => {
    const from = x(scale.place(op.from));
    const until = op.until === null ? from + 6 : x(scale.place(op.until));
    const isBig = className !== 'mark';
    const y = isBig ? 1 : 2 + (op.row / rows) * (height - 4);
    node(svg, 'rect', { class: className, x: from, y, width: Math.max(isBig ? 2.5 : 1, until - from), height: isBig ? height - 2 : Math.max(1, (height - 4) / rows - 0.5) });
  };
  data.operations.filter((op) => !op.role).forEach((op) => mark(op, 'mark'));
  data.operations.filter((op) => op.role).forEach((op) => mark(op, `mark ${op.role}`));
  page.hits.forEach((op) => mark(op, 'mark hit'));
  node(svg, 'rect', { class: 'view', x: x(view.start), y: 0.5, width: Math.max(4, x(view.width)), height: height - 1, rx: 3 });
}
