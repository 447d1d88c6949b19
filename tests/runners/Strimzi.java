import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.File;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** Loads the documents of YAML files into Strimzi's classes, and says what does not come back from them. */
public class Strimzi {
    public static void main(String[] files) throws Exception {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        ObjectMapper json = new ObjectMapper();
        json.findAndRegisterModules();
        int documents = 0;
        for (String file : files) {
            Iterator<JsonNode> values = yaml.readerFor(JsonNode.class).readValues(new File(file));
            while (values.hasNext()) {
                JsonNode written = values.next();
                Class<?> kind = switch (written.path("kind").asText()) {
                    case "KafkaTopic" -> KafkaTopic.class;
                    case "KafkaUser" -> KafkaUser.class;
                    default -> throw new IllegalArgumentException(file + ": " + written.path("kind"));
                };
                Object resource = json.treeToValue(written, kind);
                String place = new File(file).getName() + " " + written.at("/metadata/name").asText();
                walk(place, resource);
                compare(place, "", written, json.valueToTree(resource));
                documents++;
            }
        }
        System.out.println(documents + " documents");
    }

    /** An unknown key is no mistake of the reader: it is kept beside the known ones. */
    static void walk(String place, Object value) throws Exception {
        if (value == null || !value.getClass().getName().startsWith("io.strimzi.")) {
            if (value instanceof Iterable<?> items) {
                for (Object item : items) walk(place, item);
            }
            return;
        }
        if (value instanceof Enum<?>) return;
        for (var method : value.getClass().getMethods()) {
            if (!method.getName().startsWith("get") || method.getParameterCount() > 0 || method.getDeclaringClass() == Object.class) continue;
            Object part = method.invoke(value);
            if (method.getName().equals("getAdditionalProperties")) {
                if (!((Map<?, ?>) part).isEmpty()) System.out.println(place + ": unknown " + part);
            } else {
                walk(place, part);
            }
        }
    }

    /** What is written has to come back; the classes leave out what is the default. */
    static void compare(String place, String pointer, JsonNode written, JsonNode read) {
        if (written.isObject()) {
            written.fields().forEachRemaining(field ->
                compare(place, pointer + "/" + field.getKey(), field.getValue(), read.path(field.getKey())));
        } else if (written.isArray()) {
            for (int index = 0; index < written.size(); index++) compare(place, pointer + "/" + index, written.get(index), read.path(index));
        } else if (!read.isMissingNode() && !written.equals(read)) {
            System.out.println(place + ": " + pointer + " is " + written + " and reads as " + read);
        }
    }
}
