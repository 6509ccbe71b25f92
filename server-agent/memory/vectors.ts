/** The signs of a vector's numbers, as PostgreSQL writes a `bit`: near vectors differ in few of them. */
export function signsOf(vector: Float32Array): string {
  return Array.from(vector, (number) => (number > 0 ? "1" : "0")).join("");
}

/** float32, little-endian, as it lies in the memory of every machine that this runs on. */
export function toBytes(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** Copied: bytes of a database's answer begin anywhere. */
export function fromBytes(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** The cosine of the angle between two vectors of length 1. */
export function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (const [index, number] of one.entries()) sum += number * (other[index] ?? 0);
  return sum;
}
