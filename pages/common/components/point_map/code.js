window.latentLensPointMap = { PointMap, planePlaces, nearestPlaces, fromHalf, readLatents, fromBitset, readWords };
window.dispatchEvent(new Event("latent-lens-point-map"));

export default function () {}
