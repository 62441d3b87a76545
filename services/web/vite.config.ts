import { defineConfig } from "vite";

// The content security policy allows scripts and styles from our own origin only,
// so nothing may be inlined into index.html.
export default defineConfig({
  root: "app",
  publicDir: "public",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // TOKEN_STORAGE=memory npm run build: the token is not put into localStorage.
  define: { __TOKEN_IN_MEMORY__: JSON.stringify(process.env.TOKEN_STORAGE === "memory") },
  build: {
    outDir: "../dist/app",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
