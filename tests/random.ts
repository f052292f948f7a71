/** Numbers in [0, 1) that are the same in every run: https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
}
