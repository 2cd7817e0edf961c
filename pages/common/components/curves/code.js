window.latentLensCurves = curvesView;
window.dispatchEvent(new Event("latent-lens-curves"));

export default function () {}
