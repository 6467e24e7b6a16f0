// On a page at an old address: to the new one, with the reader's anchor and what he sought.
{
  const to = new URL(document.currentScript.dataset.to, location);
  location.replace(Object.assign(to, { search: location.search, hash: location.hash }));
}
