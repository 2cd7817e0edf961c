// A `Decoder` in a worker, so that the page never waits for it.
//
//   const client = new DecoderClient(decoderSource, arrayBuffer);
//   await client.ready                   what the decoder is: {latentDim, fast}
//   await client.greedy(latents)         as `Decoder.greedy`; `sample` and `score` likewise
//   await client.latest(z)               one sentence; null if a newer one was asked for before it
//                                        was begun. latest(z, {temperature, seed, row}) draws it.
//   client.dispose()
//
// Where there is no Worker the constructor throws; where the worker ends with an error, all that
// was asked is rejected with it.

export class DecoderClient {
  constructor(decoderSource, arrayBuffer) {
    // A worker of the old kind, which every browser has, from a disk as well.
    const source = `${decoderSource.replace(/^export /gm, "")}\n(${serve})(Decoder);`;
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.worker = new Worker(address);
    this.asked = new Map();
    this.count = 0;
    this.next = null;
    this.busy = false;
    this.worker.onmessage = ({ data: { id, found, error } }) => {
      const { resolve, reject } = this.asked.get(id);
      this.asked.delete(id);
      if (error === undefined) resolve(found);
      else reject(new Error(error));
    };
    this.worker.onerror = (event) => this.end(new Error(event.message || "the worker ended"));
    this.ready = this.ask("read", [arrayBuffer]);
    this.ready.catch(() => {}).finally(() => URL.revokeObjectURL(address));
  }

  greedy(latents) {
    return this.ask("greedy", [latents]);
  }

  sample(latents, options) {
    return this.ask("sample", [latents, options]);
  }

  score(latents, tokens) {
    return this.ask("score", [latents, tokens]);
  }

  latest(z, drawn = null) {
    return new Promise((resolve, reject) => {
      this.next?.resolve(null);
      this.next = { z, drawn, resolve, reject };
      this.pump();
    });
  }

  dispose() {
    this.end(new Error("the decoder was put away"));
  }

  async pump() {
    if (this.busy || !this.next) return;
    this.busy = true;
    const { z, drawn, resolve, reject } = this.next;
    this.next = null;
    try {
      resolve((await (drawn ? this.sample(z, drawn) : this.greedy(z)))[0]);
    } catch (error) {
      reject(error);
    }
    this.busy = false;
    this.pump();
  }

  ask(method, given) {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      const id = this.count++;
      this.asked.set(id, { resolve, reject });
      this.worker.postMessage({ id, method, given });
    });
  }

  end(error) {
    this.ended ??= error;
    this.worker.terminate();
    for (const { reject } of this.asked.values()) reject(error);
    this.asked.clear();
    this.next?.reject(error);
    this.next = null;
  }
}

// Runs in the worker: only its text is taken there.
function serve(Decoder) {
  let decoder = null;
  self.onmessage = ({ data: { id, method, given } }) => {
    try {
      let found;
      if (method === "read") {
        decoder = Decoder.read(given[0]);
        found = { latentDim: decoder.latentDim, fast: decoder.fast };
      } else found = decoder[method](...given);
      self.postMessage({ id, found });
    } catch (error) {
      self.postMessage({ id, error: String(error) });
    }
  };
}
