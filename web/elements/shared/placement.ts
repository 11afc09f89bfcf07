const GAP_PX = 8;

/**
 * Puts a popover below its anchor, above where there is more room, with the named edges in line and all of it in view.
 * Through the object model, which a Content-Security-Policy without inline styles allows.
 */
export function place(popup: HTMLElement, anchor: Element, align: 'start' | 'end'): void {
  const at = anchor.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth: width, offsetHeight: height } = popup;
  const isRightToLeft = getComputedStyle(anchor).direction === 'rtl';
  const left = (align === 'start') === isRightToLeft ? at.right - width : at.left;
  const isAbove = at.bottom + GAP_PX + height > clientHeight && at.top > clientHeight - at.bottom;
  const top = isAbove ? at.top - GAP_PX - height : at.bottom + GAP_PX;
  const within = (value: number, size: number, room: number) =>
    `${Math.max(GAP_PX, Math.min(value, room - size - GAP_PX))}px`;
  popup.style.left = within(left, width, clientWidth);
  popup.style.top = within(top, height, clientHeight);
}
