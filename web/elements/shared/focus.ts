/** Whether nothing that can be seen has focus: what had it is gone or hidden. */
export function isFocusLost(): boolean {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return !active || active === document.body || !active.checkVisibility();
}
