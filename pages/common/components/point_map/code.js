window.latentLensPointMap = { PointMap, planePlaces, nearestPlaces, fromHalf, fromBitset, readWords };
window.dispatchEvent(new Event("latent-lens-point-map"));

export default function () {}
