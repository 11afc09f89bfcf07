const BASE = '/console';

/** Where the reader is: the part of the address below `/console`, without its slashes at both ends, and its query. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

/** The address of a page: `href('deliveries', { status: 'failed' })`. Empty values are left out. */
export function href(path = '', query: Record<string, string | null | undefined> = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) parameters.set(name, value);
  const text = parameters.toString();
  return `${BASE}${path && `/${path}`}${text && `?${text}`}`;
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

/** What a pattern like `notifications/:id` reads out of a path; undefined where it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== value) return undefined;
      continue;
    }
    if (value === '') return undefined;
    try {
      found[part.slice(1)] = decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return found;
}
