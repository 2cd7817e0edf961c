// Ties curves to Streamlit. Their code comes from a component of its own (code.js), which never
// changes and so is sent once; this one travels with every update of the figures.
const kept = new WeakMap();

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".curves");
  if (!root || !data) return;
  let mount = kept.get(root);
  if (!mount) {
    mount = { drawn: null, data };
    mount.start = () => {
      mount.drawn = window.latentLensCurves(root);
      mount.drawn.update(mount.data);
    };
    kept.set(root, mount);
    if (window.latentLensCurves) mount.start();
    else window.addEventListener("latent-lens-curves", mount.start, { once: true });
  } else {
    mount.data = data;
    mount.drawn?.update(data);
  }
  return () => {
    window.removeEventListener("latent-lens-curves", mount.start);
    mount.drawn?.destroy();
    kept.delete(root);
  };
}
