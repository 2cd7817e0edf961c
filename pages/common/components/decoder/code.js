// Keeps the decoders of the last runs in workers, for every component of the page:
//
//   window.latentLensDecoder.of(name)     the `DecoderClient` of that name; null while there is none
//   window.latentLensDecoder.{between, logPrior, marked}       what walk.js computes beside it
//
// The event "latent-lens-decoder" tells that there is one more.
const MOST_KEPT = 2;

function registry() {
  const kept = new Map();
  const failed = new Set(); // names whose decoder does not run here: the server decodes

  async function open({ name, url }) {
    const client = kept.get(name);
    if (client !== undefined && !client?.ended) {
      kept.delete(name);
      kept.set(name, client); // the last one used goes last
      return;
    }
    kept.set(name, null);
    try {
      // The address has the digest in it, so what the browser has kept is never stale.
      const answer = await fetch(url, { cache: "force-cache" });
      if (!answer.ok) throw new Error(answer.status);
      const made = new DecoderClient(DECODER, await answer.arrayBuffer());
      await made.ready;
      kept.set(name, made);
    } catch {
      kept.delete(name);
      failed.add(name);
      window.dispatchEvent(new Event("latent-lens-decoder"));
      return;
    }
    for (const [other, older] of kept) {
      if (kept.size <= MOST_KEPT) break;
      if (other === name || !older) continue;
      older.dispose();
      kept.delete(other);
    }
    window.dispatchEvent(new Event("latent-lens-decoder"));
  }

  const of = (name) => {
    const client = kept.get(name);
    return client && !client.ended ? client : null;
  };
  return { open, of, failed, between, logPrior, marked };
}

window.latentLensDecoder ??= registry();

export default function ({ data }) {
  if (data) window.latentLensDecoder.open(data);
}
