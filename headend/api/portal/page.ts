/** The page at `/stalker_portal/c/`, which people look for. It is no user interface: a box needs a client of its own. */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>stb-headend: portal</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1.25rem; }
  code { font-family: ui-monospace, monospace; }
</style>
</head>
<body>
<h1>This is the portal of a headend</h1>
<p>Give this page's address to a Stalker client as its portal. Boxes are served at <code>/stalker_portal/server/load.php</code>,
operators at <code>/stalker_portal/api/</code>.</p>
<p>There is no user interface for boxes here: a box shows the one of its client.</p>
</body>
</html>
`;
