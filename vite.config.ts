import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vite';
import { guidePlugin } from './tooling/guide/guide-plugin.ts';
import { noticesPlugin } from './tooling/package/notices-plugin.ts';

/**
 * The page may load its own files and nothing else. Only the built page carries it: the development server
 * injects scripts and styles of its own.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function contentSecurityPolicyTag(): Plugin {
  return {
    name: 'content-security-policy-tag',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Where `npm run dev` finds the core; the built page is served by the core itself. */
const core = process.env['DEDIFFUSION_DEV_CORE'] ?? 'http://127.0.0.1:4311';

export default defineConfig({
  root: 'renderer',
  // The studio may lie under a path of a host.
  base: './',
  plugins: [svelte({ configFile: false }), contentSecurityPolicyTag(), guidePlugin(), noticesPlugin()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2023',
    // An inlined font or picture would be a data: URL, which the policy above does not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/rpc': core,
      '/images': core,
      '/saved': core,
      '/shown': core,
      '/thumbnails': core,
      '/readings': core,
      '/packs': core,
      '/previews': core,
    },
  },
});
