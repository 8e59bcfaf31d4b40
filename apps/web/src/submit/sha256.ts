/**
 * SHA-256 (FIPS 180-4), piece by piece: `crypto.subtle` takes only whole buffers, and is missing where the hub is reached over
 * plain http from another machine. Gives the hash as hex.
 */
const K = constants()

export class Sha256 {
  #h = initial()
  #block = new Uint8Array(64)
  #view = new DataView(this.#block.buffer)
  #filled = 0
  #bytes = 0
  #w = new Uint32Array(64)

  update(data: Uint8Array): this {
    this.#bytes += data.length
    let at = 0
    while (at < data.length) {
      const take = Math.min(64 - this.#filled, data.length - at)
      this.#block.set(data.subarray(at, at + take), this.#filled)
      this.#filled += take
      at += take
      if (this.#filled === 64) this.#turn()
    }
    return this
  }

  hex(): string {
    const bits = this.#bytes * 8
    this.#block[this.#filled] = 0x80
    this.#block.fill(0, this.#filled + 1)
    if (this.#filled >= 56) {
      this.#turn()
      this.#block.fill(0)
    }
    this.#view.setUint32(56, Math.floor(bits / 2 ** 32))
    this.#view.setUint32(60, bits >>> 0)
    this.#turn()
    return Array.from(this.#h, word => word.toString(16).padStart(8, '0')).join('')
  }

  #turn(): void {
    const w = this.#w
    for (let i = 0; i < 16; i += 1) w[i] = this.#view.getUint32(i * 4)
    for (let i = 16; i < 64; i += 1) {
      const a = w[i - 15] as number
      const b = w[i - 2] as number
      const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
      const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
      w[i] = (w[i - 16] as number) + s0 + (w[i - 7] as number) + s1
    }
    let [a, b, c, d, e, f, g, h] = this.#h as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    for (let i = 0; i < 64; i += 1) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (w[i] as number)) | 0
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    const sums = [a, b, c, d, e, f, g, h]
    for (let i = 0; i < 8; i += 1) this.#h[i] = (this.#h[i] as number) + (sums[i] as number)
    this.#filled = 0
  }
}

function rotate(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by))
}

/** First 32 bits of the fractional parts of the square roots of the first 8 primes. */
function initial(): Uint32Array {
  return Uint32Array.from(primes(8), prime => fraction(Math.sqrt(prime)))
}

/** The same of the cube roots of the first 64 primes. */
function constants(): Uint32Array {
  return Uint32Array.from(primes(64), prime => fraction(Math.cbrt(prime)))
}

function fraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32)
}

function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n += 1) if (found.every(prime => n % prime !== 0)) found.push(n)
  return found
}
