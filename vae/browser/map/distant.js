// Words of very many points: columns are fetched when the first point is asked for, sentences in
// blocks of the one file that has them all. `vae.figures.map_words.packed_large` names the files.
const BLOCK = 1 << 16; // bytes
const MOST_BLOCKS = 200;

class DistantWords {
  constructor({ files, labels, measures, longest }) {
    Object.assign(this, { files, longest, columns: null, blocks: new Map(), told: () => {} });
    this.given = [...Object.entries(labels), ["", measures]];
    const read = (i) => (row) => this.given[i][1].values[this.columns[i][row]];
    this.labels = Object.keys(labels).map((name, i) => [name, read(i)]);
    this.measures = read(this.labels.length);
  }

  // Whether all is here that is said of a point; what is not is fetched, and `told` called then.
  ready(row) {
    if (!this.columns) {
      this.fetching ??= this.load().then(() => this.told(), () => (this.fetching = null));
      return false;
    }
    const missing = this.blocksOf(row).filter((block) => !(this.blocks.get(block) instanceof Uint8Array));
    for (const block of missing) if (!this.blocks.has(block)) this.fetchBlock(block);
    return !missing.length;
  }

  async load() {
    const all = await Promise.all([
      bytesOf(this.files.starts).then((buffer) => new Uint32Array(buffer)),
      ...this.given.map(([, { url, width }]) =>
        bytesOf(url).then((buffer) => new { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width](buffer))),
    ]);
    this.starts = all[0];
    this.columns = all.slice(1);
  }

  blocksOf(row) {
    const [first, last] = [this.starts[row], Math.max(this.starts[row + 1] - 1, this.starts[row])];
    const blocks = [];
    for (let block = Math.floor(first / BLOCK); block <= Math.floor(last / BLOCK); block++) blocks.push(block);
    return blocks;
  }

  async fetchBlock(block) {
    if (this.blocks.size >= MOST_BLOCKS) this.blocks.delete(this.blocks.keys().next().value);
    this.blocks.set(block, null);
    try {
      const last = Math.min((block + 1) * BLOCK, this.starts.at(-1)) - 1;
      const range = { headers: { Range: `bytes=${block * BLOCK}-${last}` } };
      this.blocks.set(block, new Uint8Array(await bytesOf(this.files.text, range)));
      this.told();
    } catch {
      this.blocks.delete(block); // asked for again the next time
    }
  }

  sentence(row) {
    const [first, last] = [this.starts[row], this.starts[row + 1]];
    const bytes = new Uint8Array(last - first);
    for (const block of this.blocksOf(row)) {
      const [from, to] = [Math.max(first, block * BLOCK), Math.min(last, (block + 1) * BLOCK)];
      bytes.set(this.blocks.get(block).subarray(from - block * BLOCK, to - block * BLOCK), from - first);
    }
    return new TextDecoder().decode(bytes).slice(0, this.longest);
  }
}

async function bytesOf(url, options = {}) {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.arrayBuffer();
}
