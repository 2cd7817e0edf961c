const kept = new WeakMap();

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".replay");
  if (!root || !data) return;
  let drawn = kept.get(root);
  if (!drawn) {
    drawn = replayView(root);
    kept.set(root, drawn);
  }
  drawn.update(data);
  return () => {
    drawn.destroy();
    kept.delete(root);
  };
}
