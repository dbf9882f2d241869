// @ts-check
// Applies the stored theme before anything is painted. A classic script: modules run too late for that.
(() => {
  try {
    const theme = localStorage.getItem('reelgate-theme')
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  } catch { /* Without storage the system's theme is used. */ }
})()
