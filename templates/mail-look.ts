/** Colours of a mail's button, and of the line above it; all `#rrggbb`. */
export interface MailLook {
  line: string;
  button: string;
  buttonText: string;
  /** For readers whose mail program is dark. */
  darkButton: string;
  darkButtonText: string;
}

const BLACK = '#000000';
const WHITE = '#ffffff';
/** The card on which the button stands in a dark mail program: `layout.ts`. */
const DARK_CARD = '#1f2329';
const PLAIN = { button: '#1b2028', buttonText: WHITE, darkButton: '#eef0f3', darkButtonText: '#14161a' };
/** What a control needs against what it stands on: WCAG 2.2, 1.4.11. */
const LEAST_CONTRAST = 3;

/**
 * The tenant's colour on button and line; without one, the type's on the line alone. The button's text is white or
 * black, whichever can be read better, and on a dark card a dark button gives way to a light one.
 */
export function mailLook(typeColor: string, primaryColor: string | undefined): MailLook {
  if (primaryColor === undefined) return { ...PLAIN, line: typeColor };
  const text = textOn(primaryColor);
  const stands = contrast(primaryColor, DARK_CARD) >= LEAST_CONTRAST;
  return {
    line: primaryColor,
    button: primaryColor,
    buttonText: text,
    darkButton: stands ? primaryColor : PLAIN.darkButton,
    darkButtonText: stands ? text : PLAIN.darkButtonText,
  };
}

/** White or black, whichever has more contrast: never below 4.5, what WCAG 2.2, 1.4.3 asks for. */
export function textOn(background: string): string {
  return contrast(WHITE, background) >= contrast(BLACK, background) ? WHITE : BLACK;
}

/** From 1 to 21, as WCAG 2.2 defines it. */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
