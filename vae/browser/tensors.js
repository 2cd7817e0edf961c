// A safetensors file: {told: what its metadata says, tensors: {name: {shape, values}}}.
function readTensors(buffer) {
  const size = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, size)));
  const { __metadata__: metadata, ...found } = header;
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(found)) {
    if (dtype !== "F16") throw new Error(`${name} is ${dtype}`);
    tensors[name] = { shape, values: fromHalf(buffer.slice(8 + size + from, 8 + size + to)) };
  }
  return { told: JSON.parse(metadata.decoder), tensors };
}
