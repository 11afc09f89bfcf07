import { BASE } from '../addresses.js';

/** Where the reader is: the part of the address below `/console`, without its slashes at both ends, and its query. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

/** The console's addresses in the browser's history. */
export class Router {
  constructor(private readonly changed: (place: Place) => void) {}

  start(): void {
    addEventListener('popstate', this.moved);
    document.addEventListener('click', this.clicked);
  }

  stop(): void {
    removeEventListener('popstate', this.moved);
    document.removeEventListener('click', this.clicked);
  }

  get place(): Place {
    const { pathname, search } = location;
    return {
      path: pathname.slice(BASE.length).replace(/^\/+|\/+$/g, ''),
      query: new URLSearchParams(search),
    };
  }

  /** Goes to an address of the console's; `replace` does not make a step for the back button. */
  go(address: string, { replace = false } = {}): void {
    if (address === location.pathname + location.search) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', address);
    this.moved();
  }

  private readonly moved = () => this.changed(this.place);

  /** Links within the console do not load the page anew, unless a tab of their own is asked for. */
  private readonly clicked = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname !== BASE && !link.pathname.startsWith(`${BASE}/`)) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };
}
