/**
 * Numbers as they are dictated ("one thirty-six over seventy-eight", "five point eight", "two hundred and ten"), as digits.
 * Below twenty a word stays as it is unless a fraction or a pressure makes it a value: "one of three". Knows nothing of what is counted.
 */
const units = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const teens = ['ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const amounts: ReadonlyMap<string, number> = new Map([
  ...[...units, ...teens].map((word, value) => [word, value] as const),
  ...tens.map((word, at) => [word, 20 + 10 * at] as const),
  ['oh', 0],
]);

const unit = `(?:${units.slice(1).join('|')})`;
const digit = `(?:${units.join('|')}|oh)`;
const teen = `(?:${teens.join('|')})`;
const underHundred = `(?:(?:${tens.join('|')})(?:[ -]${unit})?|${teen}|${unit})`;
const hundreds = `${unit} hundred(?:(?: and)? ${underHundred})?`;
/** "One eighteen" is 118, as pressures and sugars are read out. */
const readOut = `(?:one|two|three|four|five)[ -](?:(?:${tens.join('|')})(?:[ -]${unit})?|${teen}|oh[ -]${unit})`;
const whole = `(?:${hundreds}|${readOut}|${underHundred})`;

const pressure = new RegExp(`\\b(${whole}) over (${whole})\\b`, 'g');
const decimal = new RegExp(`\\b(${whole}|zero) point (${digit}(?:[ -]${digit})?)\\b`, 'g');
const plain = new RegExp(`\\b(${hundreds}|${readOut}|(?:${tens.join('|')})(?:[ -]${unit})?)\\b(?!-[a-z]|s\\b| ?(?:something|odd)\\b)`, 'g');

/** A text without any of these has no number to write; most have none. */
const isDictated = new RegExp(`\\b(?:point|over|hundred|oh|${teen}|${tens.join('|')})\\b`);

/** "two hundred and ten", "one eighteen", "sixty one": what stands before a hundred, or before a number of two digits, counts hundreds. */
function numberOf(words: string): number {
  const parts = words.split(/[ -]/).filter((word) => word !== 'and' && word !== 'hundred');
  const values = parts.map((word) => amounts.get(word) ?? Number.NaN);
  const [first = Number.NaN, ...rest] = values;
  if (words.includes('hundred') || (first > 0 && first < 10 && rest.length > 0)) return first * 100 + rest.reduce((sum, value) => sum + value, 0);
  return values.reduce((sum, value) => sum + value, 0);
}

/** "140 over 90". */
const over = /\b(\d{2,3}) over (\d{2,3})\b(?! ?(?:days?|weeks?|wks?|months?|years?|yrs?|hours?|hrs?|min(?:ute)?s?)\b)/g;

/** Lower-case text with dictated numbers written as digits. */
export function writeNumbers(written: string): string {
  const text = written.replace(over, '$1/$2');
  if (!isDictated.test(text)) return text;
  return text
    .replace(pressure, (_, over: string, under: string) => `${numberOf(over)}/${numberOf(under)}`)
    .replace(
      decimal,
      (_, front: string, behind: string) =>
        `${numberOf(front)}.${behind
          .split(/[ -]/)
          .map((word) => amounts.get(word))
          .join('')}`,
    )
    .replace(plain, (words) => String(numberOf(words)));
}
