// What QuickJS runs: objects, closures, strings and collections, as programs mix them.

/** Tasks that pass packets to each other until none is left. */
class Task {
  constructor(scheduler, id, priority) {
    this.scheduler = scheduler;
    this.id = id;
    this.priority = priority;
    this.queue = [];
    this.handled = 0;
  }

  get isReady() {
    return this.queue.length > 0;
  }

  step() {
    const packet = this.queue.shift();
    this.handled++;
    this.handle(packet);
  }
}

class Worker extends Task {
  handle(packet) {
    for (let place = 0; place < packet.data.length; place++) {
      packet.data[place] = (packet.data[place] * 31 + this.id) & 0xff;
    }
    packet.hops--;
    if (packet.hops > 0)
      this.scheduler.post(packet, (this.id + packet.data[0]) % this.scheduler.tasks.length);
  }
}

class Relay extends Task {
  handle(packet) {
    packet.hops--;
    if (packet.hops > 0) this.scheduler.post(packet, (this.id + 1) % this.scheduler.tasks.length);
  }
}

class Scheduler {
  constructor(size) {
    this.tasks = Array.from({ length: size }, (_, id) => {
      const Kind = id % 3 === 0 ? Relay : Worker;
      return new Kind(this, id, (id * 7) % size);
    });
  }

  post(packet, id) {
    this.tasks[id].queue.push(packet);
  }

  next() {
    let best;
    for (const task of this.tasks) {
      if (task.isReady && (best === undefined || task.priority > best.priority)) best = task;
    }
    return best;
  }

  run() {
    for (let task = this.next(); task !== undefined; task = this.next()) task.step();
    return this.tasks.reduce((sum, { handled }) => sum + handled, 0);
  }
}

function schedule(packets) {
  const scheduler = new Scheduler(12);
  for (let id = 0; id < packets; id++) {
    scheduler.post({ data: [id, 1, 2, 3], hops: 40 }, id % scheduler.tasks.length);
  }
  return scheduler.run();
}

function numbers(count) {
  let state = 42;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state;
  });
}

function sort(count) {
  const records = numbers(count).map((key) => ({ key, name: `n${key % 1000}` }));
  records.sort((a, b) => a.key - b.key);
  return records[0].key + records.map(({ name }) => name).sort().length;
}

function text(lines) {
  let page = "";
  for (let line = 0; line < lines; line++) {
    page += `${line}: ${"ab".repeat(line % 10)} <b>${line * line}</b>\n`;
  }
  const words = new Map();
  for (const word of page.split(/[\s:<>]+/)) words.set(word, (words.get(word) ?? 0) + 1);
  return words.size + page.replace(/<(\w)>/g, "[$1]").length;
}

function matrix(size) {
  const rows = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => row ^ column),
  );
  let trace = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let inner = 0; inner < size; inner++) sum += rows[row][inner] * rows[inner][column];
      if (row === column) trace += sum;
    }
  }
  return trace;
}

const json = (count) =>
  JSON.parse(JSON.stringify(numbers(count).map((value) => ({ value, tags: ["a", `t${value % 7}`] })))).length;

/** Runs everything once; returns a sum of the results. */
// biome-ignore lint/correctness/noUnusedVariables: the host calls it
function work() {
  return schedule(150) + sort(4000) + text(1000) + matrix(34) + json(1500);
}
