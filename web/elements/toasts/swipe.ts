/** A swipe past this share of the width, or this fast, puts the toast away. */
const FAR = 0.35;
const FAST_PX_PER_MS = 0.6;
/** Below this it is a tap. */
const TAP_PX = 8;

interface Swipe {
  element: HTMLElement;
  pointerId: number;
  fromX: number;
  fromMs: number;
  dx: number;
}

/** Follows a finger that pushes a toast aside. Vertical moves are the page's: `touch-action: pan-y`. */
export class SwipeAway {
  private swipe?: Swipe;
  private moved = false;

  /** @param away called with the toast that was pushed out. */
  constructor(private readonly away: (element: HTMLElement) => void) {}

  /** Listens for clicks: the one that ends a swipe means nothing. */
  readonly click = {
    capture: true,
    handleEvent: (event: Event) => {
      if (!this.moved) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };

  start(event: PointerEvent): void {
    this.moved = false;
    if (event.pointerType === 'mouse' || !event.isPrimary) return;
    const element = event.currentTarget as HTMLElement;
    this.swipe = {
      element,
      pointerId: event.pointerId,
      fromX: event.clientX,
      fromMs: event.timeStamp,
      dx: 0,
    };
  }

  move(event: PointerEvent): void {
    const { swipe } = this;
    if (!swipe || event.pointerId !== swipe.pointerId) return;
    swipe.dx = event.clientX - swipe.fromX;
    if (!this.moved && Math.abs(swipe.dx) < TAP_PX) return;
    if (!this.moved) swipe.element.setPointerCapture(swipe.pointerId);
    this.moved = true;
    swipe.element.style.translate = `${swipe.dx}px`;
    swipe.element.style.opacity = String(1 - Math.min(0.8, Math.abs(swipe.dx) / swipe.element.offsetWidth));
  }

  end(event: PointerEvent): void {
    const { swipe } = this;
    if (!swipe || event.pointerId !== swipe.pointerId) return;
    this.swipe = undefined;
    const { element, dx, fromMs } = swipe;
    const speed = Math.abs(dx) / Math.max(1, event.timeStamp - fromMs);
    const isAway = Math.abs(dx) > element.offsetWidth * FAR || (this.moved && speed > FAST_PX_PER_MS);
    if (isAway && event.type !== 'pointercancel') return this.away(element);
    element.style.translate = '';
    element.style.opacity = '';
  }
}
