// Indexes JSON lines with Lucene, for `peers.py`: the same fields as the bare loop, two threads, one buffer of 500 MB.
// arguments: FILE FOLDER standard|english
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

public class Lucene {
    static final String END = "";

    public static void main(String[] args) throws Exception {
        Analyzer analyzer = args[2].equals("english") ? new EnglishAnalyzer() : new StandardAnalyzer();
        IndexWriterConfig config = new IndexWriterConfig(analyzer).setRAMBufferSizeMB(500);
        BlockingQueue<String> lines = new ArrayBlockingQueue<>(10_000);
        try (IndexWriter writer = new IndexWriter(new MMapDirectory(Path.of(args[1])), config)) {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Future<?>> results = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                results.add(threads.submit(() -> {
                    for (String line = lines.take(); line != END; line = lines.take()) writer.addDocument(document(line));
                    lines.put(END);
                    return null;
                }));
            }
            try (BufferedReader reader = Files.newBufferedReader(Path.of(args[0]), StandardCharsets.UTF_8)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) lines.put(line);
            }
            lines.put(END);
            for (Future<?> result : results) result.get();
            threads.shutdown();
        }
    }

    static Document document(String line) {
        Document document = new Document();
        for (String name : List.of("id", "source", "date")) {
            String value = text(line, name);
            document.add(new StringField(name, value, Field.Store.NO));
            document.add(new SortedDocValuesField(name, new BytesRef(value)));
        }
        document.add(new TextField("title", text(line, "title"), Field.Store.NO));
        document.add(new TextField("body", text(line, "body"), Field.Store.NO));
        int tags = line.lastIndexOf("\"tags\": [");
        if (tags >= 0) {
            for (String tag : line.substring(tags + 9, line.indexOf(']', tags)).split(",")) {
                String value = tag.strip().replace("\"", "");
                if (value.isEmpty()) continue;
                document.add(new StringField("tags", value, Field.Store.NO));
                document.add(new SortedSetDocValuesField("tags", new BytesRef(value)));
            }
        }
        document.add(new StoredField("line", line));
        return document;
    }

    // the lines are flat and made by one program, so a search for the key is a parser; Lucene is not charged for another
    static String text(String line, String name) {
        String key = "\"" + name + "\": \"";
        int at = line.indexOf(key);
        if (at < 0) return "";
        StringBuilder value = new StringBuilder();
        for (int i = at + key.length(); line.charAt(i) != '"'; i++) {
            char c = line.charAt(i);
            if (c != '\\') { value.append(c); continue; }
            c = line.charAt(++i);
            switch (c) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'u' -> { value.append((char) Integer.parseInt(line.substring(i + 1, i + 5), 16)); i += 4; }
                default -> value.append(c);
            }
        }
        return value.toString();
    }
}
