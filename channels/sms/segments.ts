/** 3GPP TS 23.038, section 6.2.1: the default alphabet of GSM, by code, without the escape. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Section 6.2.1.1: the extension table. Each is an escape and a code, which stand in the same segment. */
const EXTENSION = new Set('\f^{}\\[~]|€');

/**
 * What one segment holds: by itself, and as one of several, where a header of six bytes takes the room of seven septets
 * or three UCS-2 units (3GPP TS 23.040, section 9.2.3.24.1).
 */
const room = {
  'GSM-7': { alone: 160, together: 153 },
  'UCS-2': { alone: 70, together: 67 },
} as const;

export interface Segments {
  /** `GSM-7` when every character is in the alphabet of GSM; one that is not makes the whole text `UCS-2`. */
  encoding: keyof typeof room;
  /** Septets of GSM-7, 16-bit units of UCS-2. */
  length: number;
  /** How many messages the text goes out as, each billed; 1 for an empty one. */
  count: number;
}

/** How an SMS of this text is encoded and divided. No character is torn: one that does not fit begins the next segment. */
export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const encoding = characters.every((character) => BASIC.has(character) || EXTENSION.has(character))
    ? 'GSM-7'
    : 'UCS-2';
  const sizes = characters.map((character) =>
    encoding === 'UCS-2' ? character.length : EXTENSION.has(character) ? 2 : 1,
  );
  const length = sizes.reduce((sum, size) => sum + size, 0);
  const { alone, together } = room[encoding];
  return { encoding, length, count: length <= alone ? 1 : divided(sizes, together) };
}

function divided(sizes: readonly number[], segment: number): number {
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > segment) {
      count += 1;
      used = 0;
    }
    used += size;
  }
  return count;
}
