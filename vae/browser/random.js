// The uniform numbers that torch draws in double precision on a CPU, from the same seed: the
// Mersenne Twister (Matsumoto and Nishimura, 1998), 53 bits of two of its numbers.

class Uniform {
  constructor(seed) {
    this.words = new Uint32Array(624);
    this.words[0] = Number(BigInt.asUintN(32, BigInt(seed)));
    for (let i = 1; i < 624; i++) {
      const before = this.words[i - 1] ^ (this.words[i - 1] >>> 30);
      this.words[i] = Math.imul(before, 1812433253) + i;
    }
    this.at = 624;
  }

  word() {
    const m = this.words;
    if (this.at === 624) {
      for (let i = 0; i < 624; i++) {
        const mixed = (m[i] & 0x80000000) | (m[(i + 1) % 624] & 0x7fffffff);
        m[i] = m[(i + 397) % 624] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
      }
      this.at = 0;
    }
    let y = m[this.at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  next() {
    const high = this.word() & 0x1fffff;
    return (high * 4294967296 + this.word()) / 9007199254740992;
  }
}
