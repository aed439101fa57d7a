// Where everything is: the row of each operation, the two scales, the points of the order.
//
// Times are whole nanoseconds beyond what a double holds, so they come as text; distances from
// the first moment shown are drawn as doubles, and texts show the exact time.

function prepare(data) {
  const base = BigInt(data.base);
  const offset = (time) => Number(BigInt(time) - base);
  data.operations.forEach((op, number) => {
    op.number = number;
    op.from = offset(op.call);
    op.until = op.ret === null ? null : offset(op.ret);
    op.at = op.point === null ? null : offset(op.point);
  });
  data.faults.forEach((fault) => {
    fault.from = offset(fault.call);
    fault.until = fault.ret === null ? null : offset(fault.ret);
  });
  data.stopAt = data.stop === null ? null : offset(data.stop);
  const ends = data.operations.map((op) => Math.max(op.from, op.until ?? op.from));
  data.first = Math.min(0, ...data.operations.map((op) => op.from));
  data.last = Math.max(data.first + 1, data.stopAt ?? 0, ...ends);
  // What never returned reaches beyond everything that did.
  data.last += Math.max(1, (data.last - data.first) * 0.03);
  placeRows(data);
  placeFaults(data);
  placePoints(data);
  return data;
}

// Operations of one client may overlap: each goes to the first of its rows that is free.
function placeRows(data) {
  data.rows = [];
  for (const lane of data.lanes) {
    lane.first = data.rows.length;
    const free = [];
    for (const op of data.operations.filter((op) => op.lane === lane.number)) {
      let row = free.findIndex((end) => end < op.from);
      if (row < 0) row = free.push(0) - 1;
      free[row] = op.until ?? Infinity;
      // An open operation does not need a row of its own if nothing follows it there.
      op.row = lane.first + row;
    }
    lane.rows = Math.max(1, free.length);
    for (let row = 0; row < lane.rows; row++) data.rows.push(lane);
  }
  const lastIn = new Map();
  for (const op of data.operations) {
    const before = lastIn.get(op.row);
    if (before) before.followed = op.from;
    lastIn.set(op.row, op);
  }
}

function placeFaults(data) {
  const free = [];
  for (const fault of data.faults) {
    let row = free.findIndex((end) => end <= fault.from);
    if (row < 0) row = free.push(0) - 1;
    free[row] = fault.until ?? Infinity;
    fault.row = row;
  }
  data.faultRows = free.length;
}

// Each point of the order may lie anywhere from where it is given to the next later one, as
// long as the operation has not returned: points that fall together are spread in between.
function placePoints(data) {
  const ordered = data.operations.filter((op) => op.at !== null).sort((a, b) => a.rank - b.rank);
  data.ordered = ordered;
  for (let start = 0; start < ordered.length; ) {
    let end = start;
    let room = Infinity;
    while (end < ordered.length && ordered[end].at === ordered[start].at) {
      room = Math.min(room, ordered[end].until ?? Infinity);
      end++;
    }
    const next = end < ordered.length ? ordered[end].at : data.last;
    const width = Math.max(0, Math.min(next, room) - ordered[start].at);
    const count = end - start;
    for (let index = start; index < end; index++) {
      ordered[index].share = width * ((index - start + 1) / (count + 1));
      ordered[index].shareOf = width;
    }
    start = end;
  }
  ordered.forEach((op) => { op.at += op.share; });
}

// A scale turns moments into places between 0 and `length`, and back.
function timeScale(data) {
  return { name: 'time', length: data.last - data.first, place: (time) => time - data.first, time: (place) => place + data.first };
}

// Every distinct moment is one unit from the next.
function eventScale(data) {
  const moments = new Set([data.first, data.last]);
  for (const op of data.operations) {
    moments.add(op.from);
    if (op.until !== null) moments.add(op.until);
  }
  const sorted = [...moments].sort((a, b) => a - b);
  const place = (time) => {
    let low = 0;
    let high = sorted.length - 1;
    if (time <= sorted[low]) return low;
    if (time >= sorted[high]) return high;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= time) low = middle;
      else high = middle;
    }
    return low + (time - sorted[low]) / (sorted[high] - sorted[low]);
  };
  const time = (where) => {
    const low = Math.max(0, Math.min(sorted.length - 2, Math.floor(where)));
    return sorted[low] + (where - low) * (sorted[low + 1] - sorted[low]);
  };
  return { name: 'events', length: sorted.length - 1, place, time };
}

const UNITS = [['s', 1e9], ['ms', 1e6], ['µs', 1e3], ['ns', 1]];

// A duration for people, to about four digits.
function humane(nanos) {
  const [unit, size] = UNITS.find(([, size]) => Math.abs(nanos) >= size) ?? UNITS[3];
  return `${Number((nanos / size).toPrecision(4))} ${unit}`;
}

// An exact number of nanoseconds with its digits in groups.
function exact(text) {
  return `${String(text).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f')} ns`;
}

// A moment of a tick, relative to the first moment, in one unit for all ticks.
function tickText(nanos, step) {
  const [unit, size] = UNITS.find(([, size]) => step >= size) ?? UNITS[3];
  const digits = Math.max(0, Math.min(3, -Math.floor(Math.log10(step / size))));
  return `+${(nanos / size).toFixed(digits)} ${unit}`;
}
