const LEAVE_MS = 160;

/** Lets an element fade and close the gap behind it, unless the person wants no motion; resolves when it is out of sight. */
export async function leave(element: HTMLElement): Promise<void> {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const { offsetHeight, style } = element;
  const from = { height: `${offsetHeight}px`, opacity: style.opacity || '1', marginBlockEnd: '0' };
  const to = { height: '0', opacity: '0', marginBlockEnd: '-10px', transform: 'scale(0.96)' };
  const animation = element.animate([from, to], { duration: LEAVE_MS, easing: 'ease-in', fill: 'forwards' });
  // Cancelled where the element is taken out of the page meanwhile.
  await animation.finished.catch(() => undefined);
}
