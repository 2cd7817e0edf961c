// The server decodes where the browser cannot, with the interface of `DecoderClient`:
//
//   window.latentLensServer.of(name)     the client; null where the browser decodes that name itself
//
// One question is under way at a time; the place that was pointed at last goes before all others.
const REST = 80; // milliseconds that a pointer rests before the server is asked

class ServerClient {
  constructor() {
    Object.assign(this, { slow: true, count: 0, asked: [], next: null, under: null, send: null });
  }

  greedy(latents) {
    return new Promise((resolve, reject) => {
      this.asked.push({ latents, resolve, reject });
      this.pump();
    });
  }

  latest(z) {
    return new Promise((resolve, reject) => {
      this.next?.resolve(null);
      const one = (this.next = { latents: z, resolve: (said) => resolve(said && said[0]), reject });
      setTimeout(() => this.next === one && ((one.ripe = true), this.pump()), REST);
    });
  }

  pump() {
    if (this.under || !this.send) return;
    if (this.next?.ripe) [this.under, this.next] = [this.next, null];
    else this.under = this.asked.shift() ?? null;
    if (!this.under) return;
    this.under.id = `${Date.now()}-${this.count++}`;
    const bytes = new Uint8Array(Float32Array.from(this.under.latents).buffer);
    this.send({ id: this.under.id, z: btoa(String.fromCharCode(...bytes)) });
  }

  answer({ id, said, error }) {
    if (this.under?.id !== id) return;
    const { resolve, reject } = this.under;
    this.under = null;
    if (error) reject(new Error(error));
    else resolve(said.map((text) => ({ text })));
    this.pump();
  }
}

function server() {
  const found = { client: new ServerClient(), name: "" };
  found.of = (name) => {
    const here = name && (name === found.name || window.latentLensDecoder?.failed.has(name));
    return here && found.client.send ? found.client : null;
  };
  return found;
}

window.latentLensServer ??= server();

export default function ({ data, setStateValue }) {
  if (!data) return;
  const known = window.latentLensServer;
  const { client } = known;
  const first = !client.send || known.name !== data.name;
  known.name = data.name;
  client.send = (question) => setStateValue("asked", question);
  if (data.answer) client.answer(data.answer);
  if (first) window.dispatchEvent(new Event("latent-lens-decoder"));
}
