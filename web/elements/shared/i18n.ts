import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A text with `{name}` placeholders, or one for each plural form of `{count}` (`other` is the least). */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Messages = Readonly<Record<string, Message>>;

interface Language {
  messages: Record<string, Message>;
  /** Called once, when an element first speaks the language. */
  loaders: (() => Promise<Messages>)[];
}

const languages = new Map<string, Language>();
const hosts = new Set<ReactiveControllerHost>();
let observer: MutationObserver | undefined;

/**
 * Adds texts of a language (BCP 47, e.g. `de` or `pt-BR`), or a function that loads them when an element first needs
 * them. Later texts take the place of earlier ones; what a language lacks is said in English. The keys are those of
 * the `messages-en.ts` files.
 */
export function addMessages(lang: string, messages: Messages | (() => Promise<Messages>)): void {
  const key = lang.toLowerCase();
  const language = languages.get(key) ?? { messages: {}, loaders: [] };
  languages.set(key, language);
  if (typeof messages === 'function') language.loaders.push(messages);
  else Object.assign(language.messages, messages);
  for (const host of hosts) host.requestUpdate();
}

/** An element's language: its own or the nearest ancestor's `lang`, else the browser's; English where it is unreadable. */
export function languageOf(element: Element): string {
  const own = closest(element, '[lang]:not([lang=""])')?.getAttribute('lang') ?? navigator.language;
  try {
    return Intl.getCanonicalLocales(own.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    // Not a language tag.
    return 'en';
  }
}

/** `closest` that looks past shadow roots. */
function closest(element: Element, selector: string): Element | undefined {
  const found = element.closest(selector);
  if (found) return found;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? closest(root.host, selector) : undefined;
}

/** A language's own tag and the shorter ones, then English: `fr-CA`, `fr`, `en`. */
function chain(lang: string): string[] {
  const parts = lang.toLowerCase().split('-');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('-')), 'en'];
}

/** An element's texts, in its language; the element renders anew when they were loaded or the page's language changed. */
export class Localizer<Key extends string> implements ReactiveController {
  /** BCP 47, of the last update. */
  lang = 'en';

  constructor(private readonly host: ReactiveControllerHost & Element) {
    host.addController(this);
  }

  hostConnected(): void {
    hosts.add(this.host);
    if (observer) return;
    observer = new MutationObserver(() => hosts.forEach((host) => host.requestUpdate()));
    observer.observe(document.documentElement, { attributeFilter: ['lang', 'dir'] });
  }

  hostDisconnected(): void {
    hosts.delete(this.host);
  }

  hostUpdate(): void {
    this.lang = languageOf(this.host);
    for (const tag of chain(this.lang)) {
      for (const load of languages.get(tag)?.loaders.splice(0) ?? []) {
        // What cannot be loaded now is said in English, and asked for again with the next element.
        load().then(
          (messages) => addMessages(tag, messages),
          () => languages.get(tag)?.loaders.push(load),
        );
      }
    }
  }

  /** The text of a key. Numbers are written as the language does. */
  t(key: Key, values: Record<string, string | number> = {}): string {
    for (const tag of chain(this.lang)) {
      const message = languages.get(tag)?.messages[key];
      if (message === undefined) continue;
      const text =
        typeof message === 'string'
          ? message
          : (message[new Intl.PluralRules(tag).select(Number(values.count))] ?? message.other);
      return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name]?.toLocaleString(tag) ?? whole);
    }
    return key;
  }
}
