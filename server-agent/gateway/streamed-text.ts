/** Numbered words, so that a reader can see whether any are missing or came twice. */
export function streamedText(characters: number): string {
  const words: string[] = [];
  let length = 0;
  for (let number = 1; length < characters; number += 1) {
    const word = number % 12 === 0 ? `word-${number}.\n` : `word-${number} `;
    words.push(word);
    length += word.length;
  }
  return words.join("").slice(0, characters);
}
