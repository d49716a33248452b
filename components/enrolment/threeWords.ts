/** Three different positions (from 1) among `count` words, in order, chosen by the given randomness. */
export function threeWords(count: number, random: (below: number) => number): number[] {
  const positions = Array.from({ length: count }, (_, index) => index + 1);
  const chosen: number[] = [];
  while (chosen.length < 3 && positions.length > 0) {
    const [position] = positions.splice(random(positions.length), 1);
    if (position !== undefined) chosen.push(position);
  }
  return chosen.sort((a, b) => a - b);
}

/** Positions of the asked words that were not typed right; forgiving about case and spaces around. */
export function wrongWords(words: string[], typed: Record<number, string>): number[] {
  return Object.entries(typed)
    .map(([position, word]) => [Number(position), word.trim().toLowerCase()] as const)
    .filter(([position, word]) => words[position - 1] !== word)
    .map(([position]) => position);
}
