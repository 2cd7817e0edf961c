// Half precision, as weights and latents are stored and sent, to single.
const HALVES = new Float32Array(65536); // the number of every pattern
for (let bits = 0; bits < 65536; bits++) {
  const [exponent, part] = [(bits >> 10) & 31, bits & 1023];
  const infinite = part ? NaN : Infinity;
  const size = exponent ? 2 ** (exponent - 25) * (1024 + part) : 2 ** -24 * part;
  HALVES[bits] = (bits & 0x8000 ? -1 : 1) * (exponent === 31 ? infinite : size);
}

function fromHalf(buffer) {
  const halves = new Uint16Array(buffer);
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = HALVES[halves[i]];
  return out;
}
