// Asks the page what it shows, uses it as a reader would, and leaves the answers in the page.

const answers = {};
const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const tick = () => new Promise((done) => { setTimeout(done, 0); });

// Gives the page the frame that it waits for.
async function frame() {
  await tick();
  for (const draw of window.framesDue.splice(0)) draw();
}

const ticks = () => byId('ticks').innerHTML;
const press = (key, target = byId('chart')) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

// The contrast of a text with its ground, as WCAG 2 defines it.
function luminance(color) {
  const channels = color.match(/[\d.]+/g).slice(0, 3).map((text) => Number(text) / 255);
  const [red, green, blue] = channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(element, property, ground) {
  const [light, dark] = [luminance(getComputedStyle(element)[property]), luminance(ground)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function lookAtContrasts() {
  const ground = getComputedStyle(document.body).backgroundColor;
  const raised = getComputedStyle(byId('chart')).backgroundColor;
  const contrasts = {};
  for (const id of ['title', 'verdict', 'message', 'facts', 'help']) contrasts[id] = contrast(byId(id), 'color', ground);
  contrasts.detail = contrast(byId('detail').firstElementChild, 'color', raised);
  for (const kind of ['read', 'write', 'core', 'source']) {
    const bar = document.querySelector(`#lanes .op.${kind}:not(.later):not(.open) .bar`);
    const text = bar?.parentElement.querySelector('text');
    if (text) contrasts[kind] = contrast(text, 'fill', getComputedStyle(bar).fill);
  }
  return contrasts;
}

async function changes(act) {
  const before = ticks();
  act();
  await frame();
  return ticks() !== before;
}

async function use() {
  byId('show-all').click();
  await frame();
  answers.drawn = Number(root.dataset.drawn);
  answers.points = all('#lanes .point').length;
  answers.core = all('#lanes .op.core').length;
  answers.stops = all('#lanes .stop').length === 1;
  answers.contrasts = lookAtContrasts();
  press('a');
  await frame();
  answers.zoomed = await changes(() => press('+'));
  answers.panned = await changes(() => press('ArrowRight')) && await changes(() => press('ArrowLeft'));
  press('Escape');
  press('.');
  await frame();
  answers.selected = all('#lanes .op.selected').length === 1 && byId('detail').textContent.includes('client');
  press('/');
  const isInSearch = document.activeElement === byId('search');
  byId('search').value = 'client 1';
  byId('search').dispatchEvent(new Event('input'));
  press('a', document.body);
  await frame();
  answers.searched = isInSearch && byId('matches').textContent === '2 found' && all('#lanes .op.hit').length === 2;
  const other = all('[role="radio"][aria-checked="false"]')[0];
  other.click();
  await frame();
  answers.scaled = other.getAttribute('aria-checked') === 'true' && all('[aria-checked="true"]').length === 1;
  byId('zoom-in').click();
  await frame();
  answers.dragged = await changes(() => drag(byId('lanes')));
  const box = byId('lanes').getBoundingClientRect();
  const pinch = { deltaY: -40, ctrlKey: true, clientX: box.left + 20, bubbles: true, cancelable: true };
  answers.pinched = await changes(() => byId('lanes').dispatchEvent(new WheelEvent('wheel', pinch)));
  byId('table-view').open = true;
  for (let wait = 0; wait < 50 && !answers.tabled; wait += 1) {
    await tick();
    answers.tabled = all('#table tbody tr').length > 0;
  }
}

function drag(target) {
  const box = target.getBoundingClientRect();
  const at = (x) => ({ pointerId: 1, button: 0, buttons: 1, clientX: box.left + x, clientY: box.top + 5, bubbles: true });
  target.dispatchEvent(new PointerEvent('pointerdown', at(120)));
  target.dispatchEvent(new PointerEvent('pointermove', at(60)));
  target.dispatchEvent(new PointerEvent('pointermove', at(170)));
  target.dispatchEvent(new PointerEvent('pointermove', at(90)));
  target.dispatchEvent(new PointerEvent('pointerup', at(90)));
}

function nameless() {
  const name = (element) => element.getAttribute('aria-label') || element.textContent.trim();
  return all('button:not([hidden]), input, [role="application"], [role="toolbar"]').filter((element) => !name(element)).length;
}

async function look() {
  try {
    await frame();
    answers.title = byId('title').textContent;
    answers.headline = byId('verdict').parentElement.innerText.trim().replace(/\s+/g, ' ');
    answers.dark = matchMedia('(prefers-color-scheme: dark)').matches;
    answers.nameless = nameless();
    await use();
    answers.overflows = root.scrollWidth > innerWidth;
    answers.ran = window.ran === true;
    answers.requests = performance.getEntriesByType('resource').length;
    answers.error = root.dataset.error ?? (root.dataset.ready ? null : 'it is not ready');
  } catch (error) {
    answers.error = String(error.stack);
  }
  const answer = document.createElement('script');
  answer.id = 'probe';
  answer.type = 'application/json';
  answer.textContent = JSON.stringify(answers).replaceAll('<', '\\u003c');
  document.body.append(answer);
}

look();
