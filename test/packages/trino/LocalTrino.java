import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trino.Session;
import io.trino.plugin.hive.HiveType;
import io.trino.plugin.hive.InternalHiveConnectorFactory;
import io.trino.plugin.hive.metastore.Column;
import io.trino.plugin.hive.metastore.Database;
import io.trino.plugin.hive.metastore.HiveMetastore;
import io.trino.plugin.hive.metastore.PrincipalPrivileges;
import io.trino.plugin.hive.metastore.StorageFormat;
import io.trino.plugin.hive.metastore.Table;
import io.trino.plugin.hive.metastore.file.FileHiveMetastore;
import io.trino.spi.QueryId;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorContext;
import io.trino.spi.connector.ConnectorFactory;
import io.trino.spi.security.PrincipalType;
import io.trino.spi.type.TimeZoneKey;
import io.trino.testing.LocalQueryRunner;
import io.trino.testing.MaterializedResult;
import io.trino.testing.TestingSession;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trino's SQL engine and its Hive connector in one process, without a server.
 *
 * usage: LocalTrino FOLDER
 *
 * Keeps what it knows of the tables in the folder. Reads JSON from the standard input, a line at a time: first an array
 * of tables as Glue defines them, each a TableInput, and after that a statement in each line. Answers each line with one:
 * the tables with an empty object, a statement with its columns and rows, or with its error.
 */
public class LocalTrino {
  private static final String CATALOG = "hive";
  private static final String SCHEMA = "lake";
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    // Trino prints its configuration.
    System.setOut(System.err);
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    HiveMetastore metastore = metastoreIn(new File(args[0]), JSON.readTree(input.readLine()));
    try (LocalQueryRunner trino = startTrino(metastore)) {
      write(answers, Map.of());
      int statements = 0;
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        QueryId id = QueryId.valueOf("statement_" + statements++);
        Session session = Session.builder(trino.getDefaultSession()).setQueryId(id).build();
        write(answers, answer(trino, session, JSON.readValue(line, String.class)));
      }
    }
    // Threads of the file systems would go on.
    System.exit(0);
  }

  private static void write(PrintStream answers, Map<String, Object> answer) throws IOException {
    answers.write((JSON.writeValueAsString(answer) + "\n").getBytes("UTF-8"));
    answers.flush();
  }

  private static HiveMetastore metastoreIn(File folder, JsonNode tables) {
    HiveMetastore metastore = FileHiveMetastore.createTestingFileHiveMetastore(folder);
    metastore.createDatabase(Database.builder()
      .setDatabaseName(SCHEMA)
      .setOwnerName(Optional.of("owner"))
      .setOwnerType(Optional.of(PrincipalType.USER))
      .build());
    for (JsonNode definition : tables) {
      Table table = tableOf(definition);
      // S3 has no folders that must be there.
      new File(URI.create(table.getStorage().getLocation())).mkdirs();
      metastore.createTable(table, PrincipalPrivileges.NO_PRIVILEGES);
    }
    return metastore;
  }

  private static Table tableOf(JsonNode definition) {
    JsonNode storage = definition.get("StorageDescriptor");
    JsonNode serDe = storage.get("SerdeInfo");
    return Table.builder()
      .setDatabaseName(SCHEMA)
      .setTableName(definition.get("Name").asText())
      .setTableType(definition.get("TableType").asText())
      .setOwner(Optional.empty())
      .setDataColumns(columnsOf(storage.get("Columns")))
      .setPartitionColumns(columnsOf(definition.get("PartitionKeys")))
      .setParameters(parametersOf(definition))
      .withStorage(builder -> builder
        .setLocation(storage.get("Location").asText())
        .setStorageFormat(StorageFormat.create(
          serDe.get("SerializationLibrary").asText(), storage.get("InputFormat").asText(), storage.get("OutputFormat").asText()))
        .setSerdeParameters(parametersOf(serDe)))
      .build();
  }

  private static List<Column> columnsOf(JsonNode definitions) {
    List<Column> columns = new ArrayList<>();
    definitions.forEach(column ->
      columns.add(new Column(column.get("Name").asText(), HiveType.valueOf(column.get("Type").asText()), Optional.empty())));
    return columns;
  }

  private static Map<String, String> parametersOf(JsonNode definition) {
    return JSON.convertValue(definition.get("Parameters"), new TypeReference<Map<String, String>>() {});
  }

  private static LocalQueryRunner startTrino(HiveMetastore metastore) {
    LocalQueryRunner trino = LocalQueryRunner.create(
      TestingSession.testSessionBuilder().setCatalog(CATALOG).setSchema(SCHEMA).setTimeZoneKey(TimeZoneKey.UTC_KEY).build());
    ConnectorFactory connectors = new ConnectorFactory() {
      @Override
      public String getName() {
        return CATALOG;
      }

      @Override
      public Connector create(String catalog, Map<String, String> properties, ConnectorContext context) {
        return InternalHiveConnectorFactory.createConnector(
          catalog, properties, context, binder -> {}, Optional.of(metastore), Optional.empty());
      }
    };
    // So a day without objects is no error.
    trino.createCatalog(CATALOG, connectors, Map.of("hive.partition-projection-enabled", "true", "hive.ignore-absent-partitions", "true"));
    return trino;
  }

  private static Map<String, Object> answer(LocalQueryRunner trino, Session session, String statement) {
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      MaterializedResult result = trino.execute(session, statement);
      List<List<String>> rows = new ArrayList<>();
      result.forEach(row -> {
        List<String> cells = new ArrayList<>();
        row.getFields().forEach(field -> cells.add(field == null ? null : field.toString()));
        rows.add(cells);
      });
      answer.put("columns", result.getColumnNames());
      answer.put("rows", rows);
    } catch (RuntimeException error) {
      answer.put("error", error.toString());
    }
    return answer;
  }
}
