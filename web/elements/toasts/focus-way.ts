/** The way by keyboard into the toasts, from one to the next as they go, and back to where one was. */
export class FocusWay {
  private cameFrom?: HTMLElement;

  constructor(private readonly root: () => ShadowRoot | null) {}

  /** Whether the focus is in here, or in this part of it. */
  isIn(part: Element | ShadowRoot | null = this.root()): boolean {
    const focused = this.root()?.activeElement;
    return Boolean(focused && part?.contains(focused));
  }

  /** Into the first toast, or back. @returns whether there was anything to go to. */
  toggle(): boolean {
    if (this.isIn()) {
      this.leave();
      return true;
    }
    const first = this.root()?.querySelector<HTMLElement>('.toast .title:not(span), .toast .close');
    if (!first) return false;
    this.cameFrom = deepFocus();
    first.focus();
    return true;
  }

  /** What is to have the focus once this toast is gone: the same place of the next one, or where one came from. */
  after(toast: Element): () => void {
    if (!this.isIn(toast)) return () => undefined;
    const others = [...(this.root()?.querySelectorAll('.toast') ?? [])].filter((one) => one !== toast);
    const next = others.find((one) => toast.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    const target = (next ?? others.at(-1))?.querySelector<HTMLElement>('.close');
    return () => (target?.isConnected ? target.focus() : this.leave());
  }

  leave(): void {
    const { cameFrom } = this;
    this.cameFrom = undefined;
    if (cameFrom?.isConnected) return cameFrom.focus();
    (this.root()?.activeElement as HTMLElement | null | undefined)?.blur();
  }
}

/** What has the focus, shadow roots looked into. */
function deepFocus(): HTMLElement | undefined {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused instanceof HTMLElement && focused !== document.body ? focused : undefined;
}
