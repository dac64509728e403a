// The script of a page that executes nothing itself.
new Worker("/built/page.js", { type: "module" });
