import express, { Router } from 'express';
import { builtWebFolder } from '../web-files.js';
import { ownOrigin } from './only-from-here.js';

/** The page itself: its document, its style and its script. Nothing is loaded from elsewhere, nothing stands inline. */
export function demoPage(folder = `${builtWebFolder}/demo`): Router {
  const router = Router();
  router.use((request, response, next) => {
    response.set({
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        // Not every browser takes sockets to the same server for 'self'.
        `connect-src 'self' ${ownOrigin(request).replace(/^http/, 'ws')}`,
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    });
    next();
  });
  router.get('/', (_request, response) =>
    response.sendFile('index.html', { root: folder, cacheControl: false }),
  );
  router.use(express.static(folder, { index: false, redirect: false, cacheControl: false }));
  return router;
}
