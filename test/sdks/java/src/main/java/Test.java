import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** The test, which speaks for the person too: a line of JSON each way at a time. */
final class Test {
  private static final McpJsonMapper json = McpJsonDefaults.getMapper();
  private final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));

  /** What the test says next, or null when it says no more. */
  Map<String, Object> hear() throws IOException {
    String line = lines.readLine();
    return line == null ? null : json.readValue(line, new TypeRef<Map<String, Object>>() {});
  }

  /** Has a person sign in at this address. Gives the address that their browser is sent to then. */
  URI askPerson(URI url) throws IOException {
    say(Map.of("authorize", url.toString()));
    return URI.create((String) hear().get("redirect"));
  }

  /** Says what came of some work, or what went wrong. */
  void answer(Callable<Object> work) throws IOException {
    Map<String, Object> message = new HashMap<>();
    try {
      message.put("result", work.call());
    } catch (Exception error) {
      message.put("error", causes(error));
    }
    say(message);
  }

  private static void say(Map<String, Object> message) throws IOException {
    System.out.println(json.writeValueAsString(message));
  }

  private static String causes(Throwable error) {
    return error.getCause() == null ? error.toString() : error + ": " + causes(error.getCause());
  }
}
