import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.htmlunit.BrowserVersion;
import org.htmlunit.WebClient;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;

/**
 * One browser, told what to do line by line: "open URL", "fill ID TEXT", "press ID", parted by tabs. After each line it
 * says where it is, once the page's script has nothing more to do.
 */
public class Visit {
  private static final long LONGEST_WAIT_MILLISECONDS = 10_000;

  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (WebClient browser = new WebClient(BrowserVersion.FIREFOX)) {
      browser.getOptions().setThrowExceptionOnFailingStatusCode(false);
      browser.getOptions().setThrowExceptionOnScriptError(true);
      browser.getOptions().setUseInsecureSSL(true);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        act(browser, line.split("\t"));
        browser.waitForBackgroundJavaScript(LONGEST_WAIT_MILLISECONDS);
        System.out.println(page(browser).getUrl());
      }
    }
  }

  private static void act(WebClient browser, String[] words) throws Exception {
    switch (words[0]) {
      case "open" -> browser.getPage(words[1]);
      case "fill" -> ((HtmlInput) element(browser, words[1])).type(words[2]);
      case "press" -> element(browser, words[1]).click();
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private static HtmlElement element(WebClient browser, String id) {
    return page(browser).getHtmlElementById(id);
  }

  private static HtmlPage page(WebClient browser) {
    return (HtmlPage) browser.getCurrentWindow().getTopWindow().getEnclosedPage();
  }
}
