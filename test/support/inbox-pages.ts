import type { Page } from 'playwright-core';
import { tokenOf, type CheckedEngine } from '../unit/api-checked.js';
import type { TestBrowser, View } from './browser.js';
import { servePage } from './serve-page.js';

/** How a page with Carillon's elements is. */
export interface ElementsPage extends View {
  /** HTML of the body. Default a bell in the corner. */
  body?: string;
  lang?: string;
  dir?: 'ltr' | 'rtl';
  /** More of the page's own style. */
  style?: string;
  /** More of the page's own script, after `connect`; `client` is what that answered. */
  script?: string;
}

/** What items show that have an image. */
const IMAGE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="200"><rect width="480" height="200" fill="#c7d2fe"/><circle cx="240" cy="100" r="60" fill="#6366f1"/></svg>';

const STYLE = `
  body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color-scheme: light dark; background: Canvas; color: CanvasText; }
  header.page { display: flex; justify-content: space-between; align-items: center; padding: 8px 16px; border-bottom: 1px solid #8884; }
  header.page h1 { font-size: 18px; margin: 0; }
  main { padding: 16px; }
`;

export const bellBody =
  '<header class="page"><h1>Workspace</h1><carillon-bell></carillon-bell></header><main><p>Page</p><a href="#">A link</a></main>';
export const inboxBody =
  '<header class="page"><h1>Workspace</h1></header><main><carillon-inbox></carillon-inbox></main>';

/** Opens a page on the API's own origin whose elements are a person's, signed in with a token. */
export async function openElements(
  browser: TestBrowser,
  engine: CheckedEngine,
  recipientId: string,
  page: ElementsPage = {},
): Promise<Page> {
  const token = await tokenOf(engine, recipientId);
  const { body = bellBody, lang, dir, style = '', script = '' } = page;
  const served = await servePage({
    api: engine.url,
    onApiOrigin: true,
    body,
    lang,
    dir,
    style: STYLE + style,
    script: `
      import * as carillon from '/carillon.js';
      window.carillon = carillon;
      const client = window.client = carillon.connect({ token: ${JSON.stringify(token)} });
      ${script}
    `,
  });
  served.files['/host-image.svg'] = { type: 'image/svg+xml', text: IMAGE, headers: {} };
  return browser.open(served, page);
}
